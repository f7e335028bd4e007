package main

import (
	"fmt"

	"distillation/kdlib/backend"
	"distillation/kdlib/recipe"
	"distillation/kdlib/timing"

	"github.com/spf13/cobra"
)

func benchCommand() *cobra.Command {
	b := timing.Bench{}
	c := &cobra.Command{
		Use:   "bench",
		Short: "Time a network's step; one CSV line",
		Long:  "Prints framework,depth,batch,size,mode,median_s,min_s,first_s,peak_rss_mib; first_s is mostly compiling.",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			opened, err := backend.New()
			if err != nil {
				return err
			}
			measured, err := b.Run(opened)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(c.OutOrStdout(), measured.CSV())
			return err
		},
	}
	c.Flags().StringVar(&b.Network, "network", recipe.ResNet18, networkNames)
	c.Flags().IntVar(&b.Batch, "batch", recipe.Paper.Student.Batch, "pictures a step")
	c.Flags().IntVar(&b.Size, "size", recipe.Paper.Data.Size, "width and height of the pictures")
	c.Flags().StringVar(&b.Mode, "mode", timing.Train, "train or forward")
	c.Flags().IntVar(&b.Steps, "steps", 10, "warm steps")
	return c
}
