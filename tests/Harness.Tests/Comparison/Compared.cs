using Harness.Comparison;
using Harness.Comparison.Sources;

namespace Harness.Tests.Comparison;

/// <summary>Two sides as a command line in a repository names them.</summary>
static class Compared
{
    public static ResultComparison Of(string repository, string before, string after, double margin = 0, params string[] names) =>
        ResultComparison.Of(ResultSources.Open(before, repository), ResultSources.Open(after, repository), names, margin);
}
