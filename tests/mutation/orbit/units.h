#ifndef UNITS_H
#define UNITS_H

/*@ force */
#define METRES(km) ((km) * 1000)
/*@ */
#define FEET(m) ((m) * 3.28)
/*@ energy path drift */
typedef double quantity;

#endif
