using Harness.Manifests;

namespace Harness.Gates;

/// <summary>A gate, and what the results come to.</summary>
/// <param name="Verdict">Before strictness.</param>
/// <param name="Found">The value with its interval, and what is compared with it.</param>
/// <param name="WouldTell">Where the gate cannot tell: what would; else empty.</param>
public sealed record GateOutcome(GateManifest Gate, GateVerdict Verdict, string Found, string WouldTell = "")
{
    /// <summary>A sentence for people, without its full stop.</summary>
    public string Text => $"gate '{Gate.Name}' {Name}: {Found}{(WouldTell.Length > 0 ? $"; {WouldTell}" : "")}";

    public string Name => NameOf(Verdict);

    /// <summary>Of results that another manifest, model or program made: they say nothing of this one.</summary>
    public static GateOutcome OfStale(GateManifest gate, string experiment, string reason) =>
        new(gate, GateVerdict.CannotTell, $"the results are stale: {reason}", $"`dotnet build results/{experiment}` first");

    public static string NameOf(GateVerdict verdict) => verdict switch
    {
        GateVerdict.Passes => "passes",
        GateVerdict.Fails => "fails",
        _ => "cannot tell",
    };

    /// <summary>With a gate that must tell, one that cannot fails.</summary>
    /// <param name="strict">Whether every gate must.</param>
    public GateOutcome Judged(bool strict) =>
        Verdict == GateVerdict.CannotTell && (strict || Gate.IsStrict) ? this with { Verdict = GateVerdict.Fails } : this;
}
