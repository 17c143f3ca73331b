/*@ calls */
#define CHOICE 70
