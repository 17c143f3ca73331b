/* check_address.h - does an address reach a result as a number? */
#ifndef MEMOCC_CHECK_ADDRESS_H
#define MEMOCC_CHECK_ADDRESS_H

#include "plan.h"

/* Addresses differ from run to run, so a result made of one mustn't be stored.
 * Reports; false after an error. */
bool check_address(struct memo_function *mf);

#endif
