// Package adam holds the two optimizers of the paper as GoMLX optimizers. Taken together, formulas (6) to (10) correct the bias
// of the moments twice. Keras, which the paper trained with, corrects it once. Type Keras is the Adam that made the tables.
// Literal is the text as printed. Keras adds epsilon to the root of the raw v_t. Literal adds it to the root of v^_t, as (10)
// prints it; until k2 that is also where GoMLX's own Adam adds it.
//
// The constants are those of package reference, which has the formulas as plain float64 functions.
package adam
