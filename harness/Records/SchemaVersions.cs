namespace Harness.Records;

/// <summary>The schema of every kind of file that another version of the program may read.</summary>
public static class SchemaVersions
{
    /// <summary>Exact files and run.json. 2: two keys, rewards and right answers in files of their own, costs by kind.</summary>
    public const int Results = 2;

    /// <summary>The resolved manifest that the build writes.</summary>
    public const int Manifest = 1;

    /// <summary>machine.json.</summary>
    public const int Machine = 1;
}
