namespace Gpu;

/// <summary>A check failed in a way that the process does not outlive.</summary>
sealed class BrokenOffException(Exception failure) : Exception(failure.Message, failure);
