namespace Harness.Kernels.ChatTemplates;

/// <summary>Strings, lists and mappings as sequences, indexed and sliced as in Python.</summary>
static class JinjaSequences
{
    const int LongestRange = 100_000;

    /// <summary>What a loop goes over: items, keys or characters; nothing for an undefined value.</summary>
    public static List<object?> Items(object? value, JinjaBudget budget) => value switch
    {
        List<object?> list => list,
        Dictionary<string, object?> map => Keys(map, budget),
        string text => JinjaValues.Characters(text, budget),
        JinjaUndefined => [],
        _ => throw budget.Unsupported($"{JinjaValues.NameOf(value)} can't be iterated over"),
    };

    public static List<object?> Keys(Dictionary<string, object?> map, JinjaBudget budget)
    {
        budget.SpendItems(map.Count);
        return [.. map.Keys];
    }

    public static long Length(object? value, JinjaBudget budget) =>
        value is Dictionary<string, object?> map ? map.Count : Items(value, budget).Count;

    public static object? Item(object? target, object? key, JinjaBudget budget)
    {
        if (target is JinjaUndefined)
            throw budget.Unsupported("an undefined value has no items");
        if (key is string name)
        {
            if (target is Dictionary<string, object?> map && map.TryGetValue(name, out object? value))
                return value;
            if (target is JinjaNamespace space && space.Attributes.TryGetValue(name, out object? attribute))
                return attribute;
            JinjaMethods.RefuseAsValue(target, name, budget);
            return JinjaUndefined.Value;
        }
        if (target is not (string or List<object?>) || JinjaValues.Number(key) is not { } index)
            return JinjaUndefined.Value;
        List<object?> items = Items(target, budget);
        index += index < 0 ? items.Count : 0;
        return index >= 0 && index < items.Count ? items[(int)index] : JinjaUndefined.Value;
    }

    public static object? Slice(object? target, long? start, long? stop, long? step, JinjaBudget budget)
    {
        if (target is not (string or List<object?>))
            throw budget.Unsupported($"{JinjaValues.NameOf(target)} has no slices");
        List<object?> items = Items(target, budget);
        long stride = step ?? 1;
        if (stride == 0)
            throw budget.Unsupported("a slice's step is zero");
        // Beyond the sequence a stride is as good as its length, and the sum below can't overflow.
        stride = Math.Clamp(stride, -items.Count - 1L, items.Count + 1L);
        long least = stride > 0 ? 0 : -1;
        long most = stride > 0 ? items.Count : items.Count - 1;
        long first = start is { } from ? Bound(from) : stride > 0 ? least : most;
        long end = stop is { } to ? Bound(to) : stride > 0 ? most : least;
        var taken = new List<object?>();
        for (long i = first; stride > 0 ? i < end : i > end; i += stride)
            taken.Add(items[(int)i]);
        budget.SpendItems(taken.Count);
        return target is string ? string.Concat(taken) : taken;

        long Bound(long bound) => Math.Clamp(bound < 0 ? bound + items.Count : bound, least, most);
    }

    public static bool Contains(object? container, object? value, JinjaBudget budget)
    {
        if (container is string text)
        {
            string part = value as string ?? throw budget.Unsupported($"{JinjaValues.NameOf(value)} is never in a string");
            budget.SpendSearch(text, part);
            return text.Contains(part, StringComparison.Ordinal);
        }
        if (container is Dictionary<string, object?> map)
            return value is string key && map.ContainsKey(key);
        return Items(container, budget).Any(item => JinjaValues.AreEqual(item, value, budget));
    }

    /// <summary>range(stop), range(start, stop), range(start, stop, step).</summary>
    public static List<object?> Range(JinjaValueArguments arguments, JinjaBudget budget)
    {
        arguments.AtMost(3, "range", budget);
        long[] numbers =
            [.. arguments.Positional.Select(value => JinjaValues.Number(value) ?? throw budget.Unsupported("range takes integers"))];
        (long start, long stop, long step) = numbers switch
        {
            [var only] => (0, only, 1),
            [var first, var end] => (first, end, 1),
            [var first, var end, not 0 and var stride] => (first, end, stride),
            _ => throw budget.Unsupported("range takes one to three integers, and no step of zero"),
        };
        var items = new List<object?>();
        for (Int128 i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            if (items.Count == LongestRange)
                throw budget.Unsupported($"range covers more than {LongestRange} numbers");
            items.Add((long)i);
        }
        budget.SpendItems(items.Count);
        return items;
    }
}
