using System.Runtime.CompilerServices;
using System.Text;

namespace Harness.Kernels.ChatTemplates;

/// <summary>Runs the statements of one rendering.</summary>
sealed class JinjaRenderer
{
    /// <summary>What a loop's round counts for beside its statements, in items.</summary>
    const int ItemsOfRound = 16;

    const int DeepestCalls = 20;

    readonly JinjaBudget budget = new();
    readonly JinjaEvaluator evaluator;
    StringBuilder output = new();

    int depth;

    public JinjaRenderer() => evaluator = new JinjaEvaluator(budget, CallMacro);

    enum Flow
    {
        Next,
        Break,
        Continue,
    }

    public string Render(IReadOnlyList<JinjaStatement> statements, JinjaScope globals)
    {
        if (Run(statements, new JinjaScope(globals)) != Flow.Next)
            throw budget.Unsupported("break or continue outside a loop");
        return output.ToString();
    }

    Flow Run(IReadOnlyList<JinjaStatement> statements, JinjaScope scope)
    {
        foreach (JinjaStatement statement in statements)
        {
            budget.SpendStep();
            budget.Line = statement.Line;
            Flow flow = Run(statement, scope);
            if (flow != Flow.Next)
                return flow;
        }
        return Flow.Next;
    }

    Flow Run(JinjaStatement statement, JinjaScope scope)
    {
        switch (statement)
        {
            case JinjaTextOutput text:
                budget.Spend(text.Text.Length);
                output.Append(text.Text);
                return Flow.Next;
            case JinjaOutput value:
                output.Append(JinjaValues.Print(evaluator.Evaluate(value.Value, scope), budget));
                return Flow.Next;
            case JinjaIf branches:
                return RunIf(branches, scope);
            case JinjaFor loop:
                return RunFor(loop, scope);
            case JinjaSet set:
                Set(set, scope);
                return Flow.Next;
            case JinjaCapture capture:
                return Capture(capture, scope);
            case JinjaMacro macro:
                scope.Set(macro.Name, new JinjaMacroValue(macro, scope));
                return Flow.Next;
            case JinjaGeneration generation:
                return Run(generation.Body, new JinjaScope(scope));
            case JinjaJump jump:
                return jump.Breaks ? Flow.Break : Flow.Continue;
            default:
                throw new InvalidOperationException($"no rendering of {statement.GetType()}");
        }
    }

    Flow RunIf(JinjaIf branches, JinjaScope scope)
    {
        foreach ((JinjaExpression? condition, IReadOnlyList<JinjaStatement> body) in branches.Branches)
        {
            if (condition is null || JinjaValues.IsTrue(evaluator.Evaluate(condition, scope)))
                return Run(body, scope);
        }
        return Flow.Next;
    }

    Flow RunFor(JinjaFor loop, JinjaScope scope)
    {
        List<object?> items = JinjaSequences.Items(evaluator.Evaluate(loop.Items, scope), budget);
        if (loop.Filter is { } filter)
            items = items.Where(item => JinjaValues.IsTrue(evaluator.Evaluate(filter, Bind(loop, item, scope)))).ToList();
        // Jinja's compiled loop notes a round at its end, so that one left by break or continue does not count.
        bool hasWholeRound = false;
        for (int i = 0; i < items.Count; i++)
        {
            budget.Line = loop.Line;
            JinjaScope inner = Bind(loop, items[i], scope);
            inner.Set("loop", Loop(items, i));
            Flow flow = Run(loop.Body, inner);
            if (flow == Flow.Break)
                break;
            hasWholeRound |= flow == Flow.Next;
        }
        return hasWholeRound ? Flow.Next : Run(loop.Otherwise, new JinjaScope(scope));
    }

    JinjaScope Bind(JinjaFor loop, object? item, JinjaScope scope)
    {
        budget.SpendItems(ItemsOfRound);
        var inner = new JinjaScope(scope);
        if (loop.Names is [var only])
        {
            inner.Set(only, item);
            return inner;
        }
        List<object?> parts = JinjaSequences.Items(item, budget);
        if (parts.Count != loop.Names.Count)
            throw budget.Unsupported($"{parts.Count} values can't be unpacked into {loop.Names.Count} names");
        for (int i = 0; i < parts.Count; i++)
            inner.Set(loop.Names[i], parts[i]);
        return inner;
    }

    static Dictionary<string, object?> Loop(List<object?> items, int index) => new()
    {
        ["index"] = index + 1L,
        ["index0"] = (long)index,
        ["revindex"] = (long)(items.Count - index),
        ["revindex0"] = items.Count - index - 1L,
        ["first"] = index == 0,
        ["last"] = index == items.Count - 1,
        ["length"] = (long)items.Count,
        ["previtem"] = index > 0 ? items[index - 1] : JinjaUndefined.Value,
        ["nextitem"] = index + 1 < items.Count ? items[index + 1] : JinjaUndefined.Value,
    };

    void Set(JinjaSet set, JinjaScope scope)
    {
        object? value = evaluator.Evaluate(set.Value, scope);
        if (set.Attribute is null)
            scope.Set(set.Name, value);
        else if (scope.Find(set.Name) is JinjaNamespace space)
            space.Attributes[set.Attribute] = value;
        else
            throw budget.Unsupported($"{set.Name} is not a namespace");
    }

    Flow Capture(JinjaCapture capture, JinjaScope scope)
    {
        Flow flow = Captured(capture.Body, new JinjaScope(scope), out string text);
        scope.Set(capture.Name, text);
        return flow;
    }

    Flow Captured(IReadOnlyList<JinjaStatement> body, JinjaScope scope, out string text)
    {
        StringBuilder outer = output;
        output = new StringBuilder();
        Flow flow = Run(body, scope);
        text = output.ToString();
        output = outer;
        return flow;
    }

    string CallMacro(JinjaMacroValue callee, JinjaValueArguments arguments)
    {
        JinjaMacro macro = callee.Macro;
        if (++depth > DeepestCalls || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw budget.Unsupported($"calls nest too deeply at macro {macro.Name}");
        if (Captured(macro.Body, BindArguments(callee, arguments), out string text) != Flow.Next)
            throw budget.Unsupported("break or continue outside a loop");
        depth--;
        return text;
    }

    JinjaScope BindArguments(JinjaMacroValue callee, JinjaValueArguments arguments)
    {
        JinjaMacro macro = callee.Macro;
        budget.SpendItems(ItemsOfRound + macro.Parameters.Count);
        var scope = new JinjaScope(callee.Scope);
        foreach (string special in new[] { "varargs", "kwargs", "caller" })
            scope.Set(special, new JinjaFunction(special));
        if (arguments.Positional.Length > macro.Parameters.Count)
            throw budget.Unsupported($"macro {macro.Name} takes {macro.Parameters.Count} arguments");
        var named = new Dictionary<string, object?>(arguments.Named);
        for (int i = 0; i < macro.Parameters.Count; i++)
        {
            (string name, JinjaExpression? otherwise) = macro.Parameters[i];
            bool isNamed = named.Remove(name, out object? value);
            if (i < arguments.Positional.Length)
                value = isNamed ? throw budget.Unsupported($"macro {macro.Name} is given {name} twice") : arguments.Positional[i];
            else if (!isNamed)
                value = otherwise is null ? JinjaUndefined.Value : evaluator.Evaluate(otherwise, scope);
            scope.Set(name, value);
        }
        return named.Count == 0 ? scope : throw budget.Unsupported($"macro {macro.Name} has no parameter {named.Keys.First()}");
    }
}
