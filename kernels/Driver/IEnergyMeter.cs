namespace Harness.Kernels.Driver;

/// <summary>Counts what a device uses, from its opening on.</summary>
public interface IEnergyMeter : IDisposable
{
    double Joules { get; }
}
