namespace Gpu;

/// <summary>A check finds that it can't run here.</summary>
sealed class SkippedException(string reason) : Exception(reason);
