#pragma memo foo in(p q) in() name(3) tier(x) every(1) ) ( [ pure,, \
 expires(1e99s) align(3) returns([n]) params(1) when( "
