using Harness.Kernels.Driver;

namespace Harness.Manifests;

/// <summary>Properties that say where and how a run happens: never part of what an experiment is.</summary>
public static class PlacementAttributes
{
    const int MostThreads = 4096, LargestBatch = 1 << 20;

    public static AttributeDefinition<Manifest, string> Device { get; } = new()
    {
        Name = "Device",
        Summary = "What computes; auto takes a GPU where one can be used",
        Values = "auto, cpu, cuda or cuda:N",
        Default = "auto",
        Key = KeyPart.Placement,
        IsOverridable = true,
        Fallback = "auto",
        Read = ReadDevice,
        Describe = manifest => manifest.Placement.Device,
    };

    public static AttributeDefinition<Manifest, int> Threads { get; } = OnMachine(AttributeKinds.Integer<Manifest>(
        "Threads", "Worker threads", KeyPart.Placement, manifest => manifest.Placement.Threads, 0, MostThreads, null, "one a processor"));

    public static AttributeDefinition<Manifest, int> Batch { get; } = OnMachine(AttributeKinds.Integer<Manifest>(
        "Batch", "Most samples that are decoded together", KeyPart.Placement, manifest => manifest.Placement.Batch, 0, LargestBatch, null,
            "as many as are fast in the memory there is"));

    public static AttributeDefinition<Manifest, string> Isa { get; } = OnMachine(AttributeKinds.Choice<Manifest>(
        "Isa", "Vector instructions of the processor", KeyPart.Placement, manifest => manifest.Placement.Isa.ToString(),
            ["auto", "portable", "avx2", "avxvnni", "avx512"], "auto"));

    public static AttributeDefinition<Manifest, long> Memory { get; } = new()
    {
        Name = "Memory",
        Summary = "Budget for weights, keys and values",
        Values = "bytes, such as 800MB or 4GB",
        DefaultSays = "what is free",
        Key = KeyPart.Placement,
        IsOverridable = true,
        Fallback = 0,
        Read = values => values.Bytes("Memory"),
        Describe = manifest => manifest.Placement.MemoryBytes,
    };

    public static AttributeDefinition<Manifest, string?> HarnessData { get; } = OnMachine(AttributeKinds.Text<Manifest>(
        "HarnessData", "Folder of models and data outside the repository", KeyPart.Placement, manifest => manifest.DataFolder, "a path",
            null,
        "the environment variable HARNESS_DATA, else data/ in the repository's root"));

    public static AttributeDefinition<Manifest, bool?> Record { get; } = OnMachine(AttributeKinds.Flag<Manifest>(
        "Record", "Commit this machine's measurements under machines/", KeyPart.Placement, manifest => manifest.Record, "false"));

    public static AttributeDefinition<Manifest, bool?> Redraw { get; } = OnMachine(AttributeKinds.Flag<Manifest>(
        "Redraw", "Draw every figure with the renderer in use, also those that another one drew", KeyPart.Placement,
        manifest => manifest.Redraw, "false"));

    public static AttributeDefinition<Manifest, int> StopAfter { get; } = OnMachine(AttributeKinds.Integer<Manifest>(
        "StopAfter", "Verify trains only the first steps of each model's schedule, and compares them with the rows of training.csv",
        KeyPart.Placement, manifest => manifest.StopAfter, 0, int.MaxValue, 0));

    /// <summary>In the order of the documentation.</summary>
    public static IReadOnlyList<AttributeDefinition<Manifest>> All { get; } =
        [Device, Threads, Batch, Isa, Memory, HarnessData, Record, Redraw, StopAfter];

    /// <summary>What the build adds to a resolved manifest; no manifest sets them.</summary>
    public static IReadOnlyList<string> OfTheBuild { get; } = ["Renderer", "Artifacts"];

    static AttributeDefinition<Manifest, T> OnMachine<T>(AttributeDefinition<Manifest, T> attribute) =>
        attribute with { IsOverridable = true };

    static string ReadDevice(ValueReader values) => values.Text("Device") is { } named && CudaDevices.Names(named)
        ? named.ToLowerInvariant()
        : values.Choice("Device", ["auto", "cpu", "cuda", "cuda:N"]) ?? "auto";
}
