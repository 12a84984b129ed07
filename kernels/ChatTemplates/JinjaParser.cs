using static Harness.Kernels.ChatTemplates.JinjaTokenKind;

namespace Harness.Kernels.ChatTemplates;

/// <summary>
/// Parses the statements of a template; <see cref="JinjaExpressionParser"/> parses what they hold. A statement that is not
/// implemented is refused by its name.
/// </summary>
sealed class JinjaParser
{
    const int MostNesting = 50;

    readonly JinjaCursor cursor;
    readonly JinjaExpressionParser expressions;
    int nesting;

    JinjaParser(JinjaCursor cursor)
    {
        this.cursor = cursor;
        expressions = new JinjaExpressionParser(cursor);
    }

    public static IReadOnlyList<JinjaStatement> Parse(string source) =>
        new JinjaParser(new JinjaCursor(JinjaLexer.Tokenize(source))).ParseUntil();

    /// <summary>Statements up to a tag named one of <paramref name="ends"/>, on whose name the cursor is left, or up to the end.</summary>
    List<JinjaStatement> ParseUntil(params string[] ends)
    {
        if (++nesting > MostNesting)
            throw cursor.Unsupported($"blocks nest deeper than {MostNesting}");
        var body = new List<JinjaStatement>();
        while (cursor.Current.Kind != End)
        {
            int line = cursor.Current.Line;
            if (cursor.Current.Kind == Text)
            {
                body.Add(new JinjaTextOutput(cursor.Take().Value, line));
            }
            else if (cursor.TryTake(OutputStart))
            {
                body.Add(new JinjaOutput(expressions.Parse(), line));
                cursor.Expect(OutputEnd);
            }
            else
            {
                cursor.Expect(BlockStart);
                if (ends.Contains(cursor.Current.Value))
                    break;
                body.Add(ParseStatement());
            }
        }
        if (cursor.Current.Kind == End && ends.Length > 0)
            throw cursor.Unsupported($"{{% {ends[^1]} %}} is missing");
        nesting--;
        return body;
    }

    JinjaStatement ParseStatement()
    {
        JinjaToken name = cursor.Expect(Name);
        switch (name.Value)
        {
            case "if":
                return ParseIf(name.Line);
            case "for":
                return ParseFor(name.Line);
            case "set":
                return ParseSet(name.Line);
            case "macro":
                return ParseMacro(name.Line);
            case "generation":
                cursor.Expect(BlockEnd);
                List<JinjaStatement> body = ParseUntil("endgeneration");
                EndBlock();
                return new JinjaGeneration(body, name.Line);
            case "break" or "continue":
                cursor.Expect(BlockEnd);
                return new JinjaJump(name.Value == "break", name.Line);
            default:
                throw cursor.Unsupported($"{{% {name.Value} %}} is not implemented, or has no beginning");
        }
    }

    JinjaIf ParseIf(int line)
    {
        var branches = new List<(JinjaExpression?, IReadOnlyList<JinjaStatement>)>();
        while (true)
        {
            JinjaExpression condition = expressions.Parse();
            cursor.Expect(BlockEnd);
            branches.Add((condition, ParseUntil("elif", "else", "endif")));
            if (!cursor.TryTake(Name, "elif"))
                break;
        }
        if (cursor.TryTake(Name, "else"))
        {
            cursor.Expect(BlockEnd);
            branches.Add((null, ParseUntil("endif")));
        }
        EndBlock();
        return new JinjaIf(branches, line);
    }

    JinjaFor ParseFor(int line)
    {
        var names = new List<string>();
        do
        {
            names.Add(cursor.Expect(Name).Value);
        }
        while (cursor.TryTake(Operator, ","));
        cursor.Expect(Name, "in");
        JinjaExpression items = expressions.ParseWithoutCondition();
        JinjaExpression? filter = cursor.TryTake(Name, "if") ? expressions.Parse() : null;
        if (cursor.Current.Is(Name, "recursive"))
            throw cursor.Unsupported("a recursive loop is not implemented");
        cursor.Expect(BlockEnd);
        List<JinjaStatement> body = ParseUntil("else", "endfor");
        List<JinjaStatement> otherwise = [];
        if (cursor.TryTake(Name, "else"))
        {
            cursor.Expect(BlockEnd);
            otherwise = ParseUntil("endfor");
        }
        EndBlock();
        return new JinjaFor(names, items, filter, body, otherwise, line);
    }

    JinjaStatement ParseSet(int line)
    {
        string name = cursor.Expect(Name).Value;
        string? attribute = cursor.TryTake(Operator, ".") ? cursor.Expect(Name).Value : null;
        if (cursor.TryTake(Operator, "="))
        {
            JinjaExpression value = expressions.Parse();
            cursor.Expect(BlockEnd);
            return new JinjaSet(name, attribute, value, line);
        }
        if (attribute is not null || cursor.Current.Kind != BlockEnd)
            throw cursor.Unsupported("a set of several names, or with a filter, is not implemented");
        cursor.Expect(BlockEnd);
        List<JinjaStatement> body = ParseUntil("endset");
        EndBlock();
        return new JinjaCapture(name, body, line);
    }

    JinjaMacro ParseMacro(int line)
    {
        string name = cursor.Expect(Name).Value;
        cursor.Expect(Operator, "(");
        var parameters = new List<(string, JinjaExpression?)>();
        while (!cursor.TryTake(Operator, ")"))
        {
            string parameter = cursor.Expect(Name).Value;
            parameters.Add((parameter, cursor.TryTake(Operator, "=") ? expressions.Parse() : null));
            if (!cursor.TryTake(Operator, ","))
            {
                cursor.Expect(Operator, ")");
                break;
            }
        }
        cursor.Expect(BlockEnd);
        List<JinjaStatement> body = ParseUntil("endmacro");
        EndBlock();
        return new JinjaMacro(name, parameters, body, line);
    }

    void EndBlock()
    {
        cursor.Expect(Name);
        cursor.Expect(BlockEnd);
    }
}
