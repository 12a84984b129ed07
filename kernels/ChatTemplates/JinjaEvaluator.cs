using Harness.Kernels.Diagnostics;

namespace Harness.Kernels.ChatTemplates;

/// <summary>Names and their values; an inner scope sees the outer ones, and sets its own.</summary>
sealed class JinjaScope(JinjaScope? outer)
{
    readonly Dictionary<string, object?> values = [];

    public void Set(string name, object? value) => values[name] = value;

    public object? Find(string name)
    {
        for (JinjaScope? scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.values.TryGetValue(name, out object? value))
                return value;
        }
        return JinjaUndefined.Value;
    }

    JinjaScope? Outer => outer;
}

/// <summary>Computes expressions as Jinja2 does over Python's values.</summary>
/// <param name="callMacro">Renders a macro's body with the arguments of a call.</param>
sealed class JinjaEvaluator(JinjaBudget budget, Func<JinjaMacroValue, JinjaValueArguments, string> callMacro)
{
    public object? Evaluate(JinjaExpression expression, JinjaScope scope)
    {
        budget.SpendStep();
        budget.Line = expression.Line;
        return expression switch
        {
            JinjaLiteral literal => literal.Value,
            JinjaName name => scope.Find(name.Name),
            JinjaList list => list.Items.Select(item => Evaluate(item, scope)).ToList(),
            JinjaDictionary map => Dictionary(map, scope),
            JinjaUnary unary => Unary(unary, scope),
            JinjaBinary binary => Binary(binary, scope),
            JinjaConditional conditional => JinjaValues.IsTrue(Evaluate(conditional.Condition, scope)) ? Evaluate(conditional.Then, scope)
                : conditional.Otherwise is { } otherwise ? Evaluate(otherwise, scope)
                : JinjaUndefined.Value,
            JinjaAttribute attribute => Attribute(Evaluate(attribute.Target, scope), attribute.Name),
            JinjaItem item => JinjaSequences.Item(Evaluate(item.Target, scope), Evaluate(item.Key, scope), budget),
            JinjaSlice slice => Slice(slice, scope),
            JinjaCall call => Call(call, scope),
            JinjaFilter filter =>
                JinjaFilters.Apply(filter.Name, Evaluate(filter.Target, scope), Arguments(filter.Arguments, scope), budget),
            JinjaTest test =>
                JinjaTests.Holds(test.Name, Evaluate(test.Target, scope), Arguments(test.Arguments, scope), budget) != test.Negated,
            _ => throw new InvalidOperationException($"no evaluation of {expression.GetType()}"),
        };
    }

    Dictionary<string, object?> Dictionary(JinjaDictionary map, JinjaScope scope)
    {
        var values = new Dictionary<string, object?>();
        foreach ((JinjaExpression key, JinjaExpression value) in map.Items)
        {
            string name = Evaluate(key, scope) as string
                ?? throw budget.Unsupported("a mapping with a key that is not a string is not implemented");
            values[name] = Evaluate(value, scope);
        }
        return values;
    }

    object? Attribute(object? target, string name)
    {
        if (target is JinjaUndefined)
            throw budget.Unsupported($"an undefined value has no attribute {name}");
        JinjaMethods.RefuseAsValue(target, name, budget);
        return JinjaSequences.Item(target, name, budget);
    }

    object? Slice(JinjaSlice slice, JinjaScope scope)
    {
        object? target = Evaluate(slice.Target, scope);
        return JinjaSequences.Slice(target, Bound(slice.Start), Bound(slice.Stop), Bound(slice.Step), budget);

        long? Bound(JinjaExpression? bound) => bound is null || Evaluate(bound, scope) is not { } value ? null
            : JinjaValues.Number(value) ?? throw budget.Unsupported($"a slice can't start or end at {JinjaValues.NameOf(value)}");
    }

    object? Unary(JinjaUnary unary, JinjaScope scope)
    {
        object? operand = Evaluate(unary.Operand, scope);
        if (unary.Operator == "not")
            return !JinjaValues.IsTrue(operand);
        return unary.Operator == "-" ? Arithmetic("-", 0L, operand) : Arithmetic("+", 0L, operand);
    }

    object? Binary(JinjaBinary binary, JinjaScope scope)
    {
        object? left = Evaluate(binary.Left, scope);
        if (binary.Operator == "and")
            return JinjaValues.IsTrue(left) ? Evaluate(binary.Right, scope) : left;
        if (binary.Operator == "or")
            return JinjaValues.IsTrue(left) ? left : Evaluate(binary.Right, scope);
        object? right = Evaluate(binary.Right, scope);
        budget.Line = binary.Line;
        return binary.Operator switch
        {
            "==" => JinjaValues.AreEqual(left, right, budget),
            "!=" => !JinjaValues.AreEqual(left, right, budget),
            "in" => JinjaSequences.Contains(right, left, budget),
            "not in" => !JinjaSequences.Contains(right, left, budget),
            "~" => JinjaValues.Print(left, budget) + JinjaValues.Print(right, budget),
            "<" => Compare(left, right) < 0,
            "<=" => Compare(left, right) <= 0,
            ">" => Compare(left, right) > 0,
            ">=" => Compare(left, right) >= 0,
            _ => Arithmetic(binary.Operator, left, right),
        };
    }

    int Compare(object? left, object? right) => (JinjaValues.Number(left), JinjaValues.Number(right), left, right) switch
    {
        ({ } a, { } b, _, _) => a.CompareTo(b),
        (_, _, string a, string b) => string.CompareOrdinal(a, b),
        _ => throw budget.Unsupported($"{JinjaValues.NameOf(left)} and {JinjaValues.NameOf(right)} have no order"),
    };

    object? Arithmetic(string operation, object? left, object? right)
    {
        if (operation == "+" && left is string text && right is string more)
        {
            budget.Spend(text.Length + more.Length);
            return text + more;
        }
        if (operation == "+" && left is List<object?> list && right is List<object?> tail)
        {
            budget.SpendItems(list.Count + tail.Count);
            return list.Concat(tail).ToList();
        }
        if (JinjaValues.Number(left) is not { } a || JinjaValues.Number(right) is not { } b)
            throw budget.Unsupported($"{JinjaValues.NameOf(left)} {operation} {JinjaValues.NameOf(right)} is not implemented");
        Int128 result = operation switch
        {
            "+" => (Int128)a + b,
            "-" => (Int128)a - b,
            "*" => (Int128)a * b,
            _ when b == 0 => throw budget.Unsupported("division by zero"),
            "//" => FloorDivide(a, b),
            _ => (Int128)a - FloorDivide(a, b) * b,
        };
        return result >= long.MinValue && result <= long.MaxValue ? (long)result : throw budget.Unsupported("an integer exceeds 64 bits");
    }

    static Int128 FloorDivide(Int128 a, Int128 b)
    {
        (Int128 quotient, Int128 remainder) = Int128.DivRem(a, b);
        return remainder != 0 && (remainder < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    object? Call(JinjaCall call, JinjaScope scope)
    {
        if (call.Target is JinjaAttribute method)
        {
            object? target = Evaluate(method.Target, scope);
            return JinjaMethods.Call(target, method.Name, Arguments(call.Arguments, scope), budget);
        }
        object? callee = Evaluate(call.Target, scope);
        if (callee is JinjaMacroValue macro)
            return callMacro(macro, Arguments(call.Arguments, scope));
        if (callee is JinjaDate date)
            return date.Format(Arguments(call.Arguments, scope), budget);
        if (callee is JinjaUndefined && call.Target is JinjaName { Name: JinjaDate.Function })
            throw KernelCodes.DateNotStated.With($"the chat template writes the date ({JinjaDate.Function}), and none is stated");
        if (callee is not JinjaFunction function)
            throw budget.Unsupported($"calling {(call.Target is JinjaName name ? name.Name : "this value")} is not implemented");
        JinjaValueArguments arguments = Arguments(call.Arguments, scope);
        return function.Name switch
        {
            "namespace" => new JinjaNamespace(arguments.Named),
            "dict" => arguments.Named,
            "range" => JinjaSequences.Range(arguments, budget),
            "raise_exception" => throw KernelCodes.ChatTemplateUnsupported.With(
                "the chat template refuses these messages: "
                + $"{(arguments.Positional is [var reason, ..] ? JinjaValues.Print(reason, budget) : "")}"),
            _ => throw budget.Unsupported($"{function.Name} is not implemented"),
        };
    }

    JinjaValueArguments Arguments(JinjaArguments arguments, JinjaScope scope)
    {
        var named = new Dictionary<string, object?>();
        object?[] positional = [.. arguments.Positional.Select(value => Evaluate(value, scope))];
        foreach ((string name, JinjaExpression value) in arguments.Named)
            named[name] = Evaluate(value, scope);
        return new JinjaValueArguments(positional, named);
    }
}

/// <summary>Arguments of a call, filter or test, computed.</summary>
readonly record struct JinjaValueArguments(object?[] Positional, Dictionary<string, object?> Named)
{
    /// <summary>Refuses more arguments than are understood.</summary>
    public void AtMost(int count, string callee, JinjaBudget budget)
    {
        if (Positional.Length > count || Named.Count > 0)
            throw budget.Unsupported($"these arguments of {callee} are not implemented");
    }

    public string Text(int index, string callee, JinjaBudget budget) =>
        index < Positional.Length && Positional[index] is string text
            ? text
            : throw budget.Unsupported($"argument {index + 1} of {callee} is not a string");
}
