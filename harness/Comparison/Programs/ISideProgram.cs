using System.Text.Json.Nodes;
using Harness.Kernels.Diagnostics;

namespace Harness.Comparison.Programs;

/// <summary>The program of one side of a comparison, to be run.</summary>
public interface ISideProgram : IDisposable
{
    /// <summary>As the comparison names the side.</summary>
    string Name { get; }

    /// <summary>Runs it in its own checkout, and reads what it prints as JSON.</summary>
    /// <exception cref="HarnessException">It fails; the message has its first line.</exception>
    JsonObject Run(CancellationToken cancellation, params IReadOnlyList<string> arguments);
}
