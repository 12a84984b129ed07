namespace Harness.Kernels.ChatTemplates;

/// <summary>Jinja's tests, the words after "is".</summary>
static class JinjaTests
{
    public static bool Holds(string name, object? value, JinjaValueArguments arguments, JinjaBudget budget)
    {
        bool takesOne = name is "equalto" or "eq" or "ne" or "in" or "divisibleby";
        if (arguments.Positional.Length != (takesOne ? 1 : 0) || arguments.Named.Count > 0)
            throw budget.Unsupported($"these arguments of the test {name} are not implemented");
        return name switch
        {
            "defined" => value is not JinjaUndefined,
            "undefined" => value is JinjaUndefined,
            "none" => value is null,
            "string" => value is string,
            "boolean" => value is bool,
            "true" => value is true,
            "false" => value is false,
            "integer" => value is long,
            "number" => value is long or bool,
            "mapping" => value is Dictionary<string, object?>,
            "sequence" or "iterable" => value is string or List<object?> or Dictionary<string, object?> or JinjaUndefined,
            "equalto" or "eq" => JinjaValues.AreEqual(value, arguments.Positional[0], budget),
            "ne" => !JinjaValues.AreEqual(value, arguments.Positional[0], budget),
            "in" => JinjaSequences.Contains(arguments.Positional[0], value, budget),
            "odd" => Number(value) % 2 != 0,
            "even" => Number(value) % 2 == 0,
            "divisibleby" => Number(arguments.Positional[0]) is not 0 and var divisor && Number(value) % divisor == 0,
            _ => throw budget.Unsupported($"the test {name} is not implemented"),
        };

        long Number(object? number) =>
            JinjaValues.Number(number) ?? throw budget.Unsupported($"the test {name} of {JinjaValues.NameOf(number)}");
    }
}
