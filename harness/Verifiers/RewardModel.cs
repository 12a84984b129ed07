using Harness.Samples;

namespace Harness.Verifiers;

/// <summary>
/// A model that was trained to judge answers, by the folder in which it lies. What it gives is kept in rewards.csv, so that analyses need
/// neither texts nor model.
/// </summary>
/// <param name="Path">As the manifest writes it, without a separator at its end.</param>
/// <param name="Of">Of a model that judges steps, which of their rewards counts.</param>
public sealed record RewardModel(string Path, StepReward Of) : IVerifier
{
    /// <summary>The folder's name, and of steps how their rewards become one: prm, prm (min).</summary>
    public string Name => NameOf(Folder, Of);

    /// <summary>The name under which rewards.csv has it.</summary>
    public string Folder => System.IO.Path.GetFileName(Path.Replace('\\', '/'));

    public string Summary => "a model that was trained to judge answers";

    public bool NeedsLogprobs => false;

    /// <summary>Whether a manifest names a folder, and not a registered verifier.</summary>
    public static bool IsPath(string written) => written.Contains('/') || written.Contains('\\') || written.StartsWith('.');

    public static string NameOf(string folder, StepReward of) =>
        of == StepReward.Last ? folder : $"{folder} ({of.ToString().ToLowerInvariant()})";

    public double[] Rewards(ProblemSamples problem) => problem.Rewards[Name];

    public double Weight(double reward) => reward;
}
