using Harness.Engines.Recorded;

namespace Harness.Manifests;

/// <summary>Where a recorded pool's samples are read.</summary>
public sealed record RecordingManifest
{
    /// <summary>As written: looked for beside the manifest, then under the data folder.</summary>
    public required string File { get; init; }

    /// <summary>The file as every machine names it: an absolute path is a place on one, whether the file is there or not.</summary>
    public string Name => Path.IsPathRooted(File) ? Path.GetFileName(File) : File;

    public required IRecordedFormat Format { get; init; }

    /// <summary>The pool of the file; null: the only one, or the one of the same name.</summary>
    public string? Pool { get; init; }

    /// <summary>The number of the first problem, as the file and the task count.</summary>
    public int FirstProblem { get; init; }

    public RecordedFields Fields { get; init; } = new();
}
