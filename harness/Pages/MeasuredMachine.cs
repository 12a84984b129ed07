using System.Text.Json.Nodes;
using Harness.Records;

namespace Harness.Pages;

/// <summary>A machine on which an experiment was measured.</summary>
/// <param name="Facts">Its machine.json; empty where there is none.</param>
/// <param name="Throughput">Rows of its throughput.csv.</param>
public sealed record MeasuredMachine(string Name, JsonObject Facts, IReadOnlyList<ThroughputRow> Throughput);
