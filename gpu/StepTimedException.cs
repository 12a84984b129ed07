namespace Gpu;

/// <summary>Ends a generation whose step has been timed.</summary>
sealed class StepTimedException : Exception;
