/* node.h - small questions about the nodes of a body. NULL is a node without anything in it. */
#ifndef MEMOCC_NODE_H
#define MEMOCC_NODE_H

#include <stdbool.h>

#include "facts.h"

bool node_is_loop(const struct node *n);
bool node_is_block(const struct node *n); /* { } */

/* What is under implicit conversions. */
const struct node *node_strip(const struct node *n);

/* Is `part` n, or in it? */
bool node_contains(const struct node *n, const struct node *part);

/* Does n declare v, or something in it? */
bool node_declares(const struct node *n, const struct variable *v);

/* Does v's name stand in it? */
bool node_names(const struct node *n, const struct variable *v);

bool node_has_kind(const struct node *n, enum node_kind kind);

#endif
