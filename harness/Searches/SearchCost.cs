using Harness.Kernels.Configuration;
using Harness.Kernels.Models;
using Harness.Samples;

namespace Harness.Searches;

/// <summary>
/// What a tree of paths cost: the prompt once, and each token once, however many branches share it. A token passes the model where another
/// follows it, and gives logits where that one is drawn.
/// </summary>
static class SearchCost
{
    /// <param name="paths">By number.</param>
    /// <param name="shape">Null: operations are NaN.</param>
    public static Cost Of(IReadOnlyList<LivePath> paths, int promptTokens, ModelConfig? shape)
    {
        ILookup<LivePath?, LivePath> children = paths.ToLookup(path => path.Parent);
        Cost cost = new()
        {
            PromptTokens = promptTokens,
            PromptFlops = shape is null ? double.NaN : ModelFlops.Prompt(shape, promptTokens),
            GeneratedFlops = shape is null ? double.NaN : 0,
            PrunedFlops = shape is null ? double.NaN : 0,
            CriticalTokens = paths.Select(path => path.DrawnTokens).DefaultIfEmpty().Max(),
        };
        foreach (LivePath path in paths)
        {
            int kept = KeptTokens(path, children);
            for (int place = path.ForkedAt; place < path.Tokens.Count; place++)
            {
                double flops = shape is null ? double.NaN : Flops(path, place, promptTokens, children, shape);
                cost = Add(cost, path.IsDrawn(place), isKept: place < kept, flops);
            }
        }
        return cost;
    }

    static Cost Add(Cost cost, bool isDrawn, bool isKept, double flops)
    {
        if (!isKept)
            return cost with { PrunedTokens = cost.PrunedTokens + 1, PrunedFlops = cost.PrunedFlops + flops };
        return isDrawn
            ? cost with { GeneratedTokens = cost.GeneratedTokens + 1, GeneratedFlops = cost.GeneratedFlops + flops }
            : cost with { PromptTokens = cost.PromptTokens + 1, PromptFlops = cost.PromptFlops + flops };
    }

    /// <summary>Of its first tokens, those that it, or a branch of it that was not given up, still holds.</summary>
    static int KeptTokens(LivePath path, ILookup<LivePath?, LivePath> children) => path.IsDropped
        ? children[path].Where(child => IsKept(child, children)).Select(child => child.ForkedAt).DefaultIfEmpty(path.ForkedAt).Max()
        : path.Tokens.Count;

    static bool IsKept(LivePath path, ILookup<LivePath?, LivePath> children) =>
        !path.IsDropped || children[path].Any(child => IsKept(child, children));

    static double Flops(LivePath path, int place, int promptTokens, ILookup<LivePath?, LivePath> children, ModelConfig shape)
    {
        bool[] following =
        [
            .. place + 1 < path.Tokens.Count ? [path.IsDrawn(place + 1)] : (bool[])[],
            .. Followers(path, place + 1, children),
        ];
        return following.Length == 0 ? 0 : ModelFlops.Token(shape, promptTokens + place, logits: following.Contains(true));
    }

    /// <summary>Whether the first token that each branch at this place has of its own was drawn.</summary>
    static IEnumerable<bool> Followers(LivePath path, int place, ILookup<LivePath?, LivePath> children)
    {
        foreach (LivePath child in children[path].Where(child => child.ForkedAt == place))
        {
            if (child.Tokens.Count > place)
                yield return child.IsDrawn(place);
            foreach (bool drawn in Followers(child, place, children))
                yield return drawn;
        }
    }
}
