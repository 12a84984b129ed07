namespace Harness.Kernels.Driver;

/// <summary>A place in the order of a device's work.</summary>
public interface IDeviceEvent : IDisposable;
