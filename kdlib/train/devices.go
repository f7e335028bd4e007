package train

import (
	"fmt"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/distributed"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/core/tensors/dtensor"
	"github.com/gomlx/gomlx/ml/model"
)

// distribute lays the training step over several devices of the backend, by GoMLX's auto-sharding: every device
// has all weights and an equal part of each batch. The program is written as for one device, and XLA adds what
// the devices must tell each other. So it computes what one device does, up to rounding: the statistics of a
// batch normalization are those of the whole batch, not of a device's part of it.
func (l *Learner) distribute(devices int) error {
	if l.devices = max(devices, 1); l.devices == 1 {
		return nil
	}
	if err := checkDevices(l.model.backend, l.devices, l.devices); err != nil {
		return err
	}
	const axis = "devices"
	mesh, err := distributed.NewDeviceMesh([]int{l.devices}, []string{axis})
	if err != nil {
		return fmt.Errorf("train: %w", err)
	}
	if l.rows, err = distributed.BuildSpec(mesh).S(axis).Done(); err != nil {
		return fmt.Errorf("train: %w", err)
	}
	whole := distributed.NewReplicatedShardingSpec(mesh)
	l.step.AutoSharding(mesh).WithInputShardingSpecs(l.rows, l.rows).WithOutputShardingSpecs(whole)
	// The other variables ask the store how they lie; the state of the random numbers does not know its store.
	if state := l.model.store.GetVariable(model.JoinPath("/", model.RNGStateVariableName)); state != nil {
		state.WithShardingSpec(whole)
	}
	return nil
}

// checkDevices wants as many devices as the backend has, or fewer, that can share a batch; 0 is 1.
func checkDevices(backend compute.Backend, devices, batch int) error {
	if there := backend.NumDevices(); devices > there {
		return fmt.Errorf("train: devices: got %d, want 1 to %d as the backend has", devices, there)
	}
	if devices > 0 && batch%devices != 0 {
		return fmt.Errorf("train: batch: got %d pictures for %d devices, want a multiple", batch, devices)
	}
	return nil
}

// run makes a step on whole batches and returns its outputs, from the first device.
func (l *Learner) run(inputs ...*tensors.Tensor) ([]*tensors.Tensor, error) {
	args := make([]any, len(inputs))
	for i, input := range inputs {
		args[i] = input
		if l.rows == nil {
			continue
		}
		parts, err := dtensor.ShardTensor(l.rows, input)
		if err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
		defer func() { _ = parts.Finalize() }()
		args[i] = parts
	}
	return call(l.step, args...)
}
