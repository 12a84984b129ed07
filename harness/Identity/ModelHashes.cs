using Harness.Records;

namespace Harness.Identity;

/// <summary>Hashes of models that are known without reading them: a large one is taken to be the one that run.json names.</summary>
public sealed class ModelHashes(string runJson)
{
    /// <summary>A model with more bytes is not hashed: reading it would take a second or more.</summary>
    const long LargeModel = 512L << 20;

    /// <summary>Whether one was taken so.</summary>
    public bool IsAssumed { get; private set; }

    /// <summary>Null where the model is to be read.</summary>
    /// <param name="path">Where the model lies.</param>
    public string? Of(string path)
    {
        IsAssumed = File.Exists(path) && new FileInfo(path).Length > LargeModel;
        return IsAssumed ? RunJson.Read(runJson)["inputs"]?["model"]?.ToString() : null;
    }
}
