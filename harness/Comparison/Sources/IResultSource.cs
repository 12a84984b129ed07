using Harness.Records;

namespace Harness.Comparison.Sources;

/// <summary>One of two sides of a comparison: the committed files of experiments, wherever they lie.</summary>
public interface IResultSource
{
    /// <summary>As the command line names it, with its commit where it has one: such as "HEAD~5 (8602fc3)".</summary>
    string Name { get; }

    /// <summary>The whole hash of the commit, with "-dirty" where the files may differ from it; null where there is none.</summary>
    string? Commit { get; }

    /// <summary>Names of those that have a run.json, in ordinal order.</summary>
    IReadOnlyList<string> Experiments { get; }

    /// <summary>Null where the experiment has no such file.</summary>
    /// <param name="experiment">One of <see cref="Experiments"/>.</param>
    /// <param name="file">Its path within the experiment's folder, with slashes.</param>
    byte[]? Read(string experiment, string file);

    /// <summary>What messages call a file, whether it is there or not.</summary>
    string PathOf(string experiment, string file);

    /// <summary>The token ids of a sample, where artifacts beside the results still hold them; else null.</summary>
    /// <param name="experiment">One of <see cref="Experiments"/>.</param>
    /// <param name="sample">Its row, by whose hash the tokens are known to be its own.</param>
    IReadOnlyList<int>? Tokens(string experiment, SampleRow sample) => null;

    /// <summary>The machines whose measurements of the experiment are kept, in ordinal order.</summary>
    IReadOnlyList<string> Machines(string experiment);
}
