using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Engines.Recorded;

/// <summary>A form in which other programs write the samples that they drew.</summary>
public interface IRecordedFormat
{
    /// <summary>The manifest's name for it, such as tree-of-thoughts.</summary>
    string Name { get; }

    /// <summary>One line for docs/experiments.md.</summary>
    string Summary { get; }

    /// <summary>Whether a manifest may name its fields.</summary>
    bool HasNamedFields => false;

    /// <summary>Whether a file may hold several pools.</summary>
    bool HasPools => false;

    /// <summary>Every sample of the file, in its order.</summary>
    /// <param name="pool">Of a file with several pools, the one that is read where <paramref name="stated"/> is null.</param>
    /// <param name="stated">The pool of the file that the manifest names.</param>
    /// <exception cref="HarnessException"><see cref="Codes.DataCorrupt"/>, at the file's line where it has lines.</exception>
    IReadOnlyList<RecordedSample> Read(RecordedFile file, RecordedFields fields, string pool, string? stated);
}
