// Package adam holds the two optimizers of the paper as GoMLX optimizers. Formulas (6) to (10) taken together correct the
// bias of the moments twice; Keras, which the paper trained with, corrects it once. Keras is what made the tables, Literal is
// the text as printed. Keras adds epsilon to the root of the raw v_t; Literal, as (10) prints it, to that of v^_t, which until
// k2 is where GoMLX's own Adam adds it.
//
// The constants are those of package reference, which has the formulas as plain float64 functions.
package adam
