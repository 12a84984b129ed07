using Harness.Kernels.Driver;

namespace Gpu;

/// <summary>A kernel of a recorded step, and the time that it takes.</summary>
readonly record struct NodeTime(int Node, string Kernel, LaunchShape Shape, double Microseconds);
