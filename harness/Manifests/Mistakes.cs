using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Manifests;

/// <summary>What is wrong with a manifest, collected so that all of it is said at once.</summary>
public sealed class Mistakes
{
    readonly List<HarnessException> found = [];

    public int Count => found.Count;

    public IReadOnlyList<HarnessException> All => found;

    public HarnessException First => found[0];

    public bool AreAll(Func<HarnessException, bool> kind) => found.TrueForAll(mistake => kind(mistake));

    public void Add(params IEnumerable<HarnessException> mistakes) => found.AddRange(mistakes);

    public bool Has(Diagnostic code) => found.Any(mistake => mistake.Diagnostic == code);

    /// <summary>Adds one for each name, in whatever case, that another before it has.</summary>
    /// <param name="named">With where it is written; without a name where that is wrong already.</param>
    /// <param name="complaint">What the name is added to, such as "two pools are named".</param>
    public void AddDuplicates(IEnumerable<(string? Name, SourcePlace Place)> named, string complaint)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach ((string? name, SourcePlace place) in named)
        {
            if (!string.IsNullOrEmpty(name) && !seen.Add(name))
                found.Add(Codes.DuplicateName.With($"{complaint} '{name}'", place.File, place.Line, place.Column));
        }
    }

    /// <summary>What an act gives; <paramref name="fallback"/>, and its mistakes kept, where it fails as expected.</summary>
    public T Try<T>(Func<T> act, T fallback)
    {
        try
        {
            return act();
        }
        catch (HarnessException mistake)
        {
            found.Add(mistake);
        }
        catch (ManifestException several)
        {
            found.AddRange(several.Mistakes);
        }
        return fallback;
    }

    /// <summary>All but one kind.</summary>
    public Mistakes Without(Func<HarnessException, bool> kind)
    {
        Mistakes rest = new();
        rest.Add(found.Where(mistake => !kind(mistake)));
        return rest;
    }

    /// <exception cref="HarnessException">The one mistake.</exception>
    /// <exception cref="ManifestException">All of them.</exception>
    public void ThrowIfAny()
    {
        if (found.Count > 0)
            throw ManifestException.Of(found);
    }
}
