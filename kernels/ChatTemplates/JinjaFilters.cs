namespace Harness.Kernels.ChatTemplates;

/// <summary>Jinja's filters, the words after "|".</summary>
static class JinjaFilters
{
    public static object? Apply(string name, object? value, JinjaValueArguments arguments, JinjaBudget budget)
    {
        switch (name)
        {
            case "default" or "d":
                arguments.AtMost(2, name, budget);
                bool replacesFalse = arguments.Positional is [_, var also] && JinjaValues.IsTrue(also);
                bool isReplaced = value is JinjaUndefined || (replacesFalse && !JinjaValues.IsTrue(value));
                return !isReplaced ? value : arguments.Positional is [var replacement, ..] ? replacement : "";
            case "join":
                arguments.AtMost(1, name, budget);
                string separator = arguments.Positional.Length == 0 ? "" : arguments.Text(0, name, budget);
                return JinjaMethods.Join(separator, JinjaSequences.Items(value, budget), budget);
            case "replace":
                return JinjaMethods.Call(JinjaValues.Print(value, budget), name, arguments, budget);
            case "selectattr" or "rejectattr":
                return SelectByAttribute(name, value, arguments, budget);
            default:
                arguments.AtMost(0, name, budget);
                return Plain(name, value, budget);
        }
    }

    static object? Plain(string name, object? value, JinjaBudget budget) => name switch
    {
        "trim" => JinjaText.Trim(JinjaValues.Print(value, budget)),
        "upper" or "lower" or "capitalize" => JinjaMethods.ChangeCase(JinjaValues.Print(value, budget), name, budget),
        "string" or "safe" => JinjaValues.Print(value, budget),
        "tojson" => JinjaValues.ToJson(value, budget),
        "length" or "count" => JinjaSequences.Length(value, budget),
        "list" => JinjaSequences.Items(value, budget),
        "first" => JinjaSequences.Items(value, budget) is [var first, ..] ? first : JinjaUndefined.Value,
        "last" => JinjaSequences.Items(value, budget) is [.., var last] ? last : JinjaUndefined.Value,
        "items" => JinjaMethods.Call(value, "items", new JinjaValueArguments([], []), budget),
        _ => throw budget.Unsupported($"the filter {name} is not implemented"),
    };

    /// <summary>selectattr(attribute), selectattr(attribute, test), selectattr(attribute, test, value).</summary>
    static List<object?> SelectByAttribute(string name, object? value, JinjaValueArguments arguments, JinjaBudget budget)
    {
        arguments.AtMost(3, name, budget);
        string attribute = arguments.Text(0, name, budget);
        string? test = arguments.Positional.Length > 1 ? arguments.Text(1, name, budget) : null;
        var rest = new JinjaValueArguments([.. arguments.Positional.Skip(2)], []);
        var kept = new List<object?>();
        foreach (object? item in JinjaSequences.Items(value, budget))
        {
            budget.SpendStep();
            object? member = JinjaSequences.Item(item, attribute, budget);
            bool holds = test is null ? JinjaValues.IsTrue(member) : JinjaTests.Holds(test == "==" ? "eq" : test, member, rest, budget);
            if (holds == (name == "selectattr"))
                kept.Add(item);
        }
        return kept;
    }
}
