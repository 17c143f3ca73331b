#ifndef CHOICE_H
#define CHOICE_H

/*@ calls */
#define CHOICE 70

#endif
