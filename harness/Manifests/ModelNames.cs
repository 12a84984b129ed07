using Harness.Diagnostics;
using Harness.Kernels.Diagnostics;

namespace Harness.Manifests;

/// <summary>Names of models that a manifest trains, as its other items write them.</summary>
static class ModelNames
{
    /// <summary>
    /// The models that these names, of models or of items that list several, stand for; all where no name is written. Where the command
    /// line gives an item other budgets, names of those that it listed are left out.
    /// </summary>
    /// <exception cref="HarnessException"><see cref="Codes.BadValue"/>: no model has the name.</exception>
    public static string[] Of(
        IReadOnlyList<TrainManifest> trains, ValueReader values, string attribute, IReadOnlyList<string> names, bool isOverridden)
    {
        if (names.Count == 0)
            return [.. trains.Select(train => train.Name)];
        string[] known = [.. trains.SelectMany(train => new[] { train.Item, train.Name }).Distinct()];
        if (isOverridden)
        {
            names = [.. names.Where(name => known.Contains(name)
                || !trains.Any(train => name.StartsWith($"{train.Item}-", StringComparison.Ordinal)))];
        }
        Require(values, attribute, names, known, "a Train of this manifest");
        return [.. trains.Where(train => names.Contains(train.Name) || names.Contains(train.Item)).Select(train => train.Name)];
    }

    /// <exception cref="HarnessException"><see cref="Codes.BadValue"/>: one of the names is not known.</exception>
    public static void Require(
        ValueReader values, string attribute, IReadOnlyList<string> names, IReadOnlyList<string> known, string kind)
    {
        if (names.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
            throw values.Complaint(Codes.BadValue, attribute, $"'{unknown}' is not {kind}{NearestName.Hint(unknown, known)}"
                + $"; expected some of {string.Join(", ", known)}");
    }
}
