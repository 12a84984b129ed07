namespace Gpu;

/// <summary>How a part came to its end.</summary>
enum PartEnd
{
    Whole,
    BrokenOff,

    /// <summary>The GPU can't be used.</summary>
    Refused,
}
