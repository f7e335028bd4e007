// Package adam holds the two optimizers of the paper as GoMLX optimizers. Formulas (6) to (10) taken together correct the
// bias of the moments twice; Keras, which the paper trained with, corrects it once. Keras is what made the tables, Literal is
// the text as printed. Both add epsilon to the root as (10) does, which is not where GoMLX's own Adam adds it.
//
// The constants are those of package schedule, which has the formulas as plain float64 functions.
package adam
