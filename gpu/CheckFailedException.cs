namespace Gpu;

/// <summary>A check failed, and the process that ran it is none the worse.</summary>
sealed class CheckFailedException(string message) : Exception(message);
