using System.Globalization;
using static Harness.Kernels.ChatTemplates.JinjaTokenKind;

namespace Harness.Kernels.ChatTemplates;

/// <summary>
/// Parses expressions with Jinja2's precedences: conditional, or, and, not, comparisons, + -, ~, * / // %, unary minus, then
/// filters, tests, calls and subscripts.
/// </summary>
sealed class JinjaExpressionParser(JinjaCursor cursor)
{
    /// <summary>Bounds both the parser's own stack and the evaluator's.</summary>
    const int MostNesting = 150;

    const int NotPrecedence = 3;

    int nesting;

    public JinjaExpression Parse()
    {
        int outer = nesting;
        JinjaExpression value = ParseWithoutCondition();
        while (cursor.Current.Is(Name, "if"))
        {
            Deepen();
            int line = cursor.Take().Line;
            JinjaExpression condition = ParseWithoutCondition();
            JinjaExpression? otherwise = cursor.TryTake(Name, "else") ? Parse() : null;
            value = new JinjaConditional(value, condition, otherwise, line);
        }
        nesting = outer;
        return value;
    }

    /// <summary>An expression that an "if" ends, as the items of a loop.</summary>
    public JinjaExpression ParseWithoutCondition() => ParseBinary(1);

    JinjaExpression ParseBinary(int least)
    {
        int outer = nesting;
        Deepen();
        JinjaExpression left = ParseOperand();
        while (BinaryOperator() is ({ } name, >= 1 and int precedence) && precedence >= least)
        {
            Deepen();
            int line = cursor.Take().Line;
            if (name == "not in")
                cursor.Take();
            left = new JinjaBinary(name, left, ParseBinary(precedence + 1), line);
            if (precedence == 4 && BinaryOperator().Precedence == 4)
                throw cursor.Unsupported("a chain of comparisons is not implemented");
        }
        nesting = outer;
        return left;
    }

    JinjaExpression ParseOperand()
    {
        JinjaToken token = cursor.Current;
        if (cursor.TryTake(Name, "not"))
            return new JinjaUnary("not", ParseBinary(NotPrecedence), token.Line);
        if (cursor.TryTake(Operator, "-") || cursor.TryTake(Operator, "+"))
        {
            Deepen();
            return ParseFilters(new JinjaUnary(token.Value, ParsePostfix(ParsePrimary()), token.Line));
        }
        return ParseFilters(ParsePostfix(ParsePrimary()));
    }

    (string? Name, int Precedence) BinaryOperator()
    {
        string value = cursor.Current.Value;
        return cursor.Current.Kind switch
        {
            Name => value switch
            {
                "or" => (value, 1),
                "and" => (value, 2),
                "in" => (value, 4),
                "not" when cursor.Next.Is(Name, "in") => ("not in", 4),
                _ => (null, 0),
            },
            Operator => value switch
            {
                "==" or "!=" or "<" or "<=" or ">" or ">=" => (value, 4),
                "+" or "-" => (value, 5),
                "~" => (value, 6),
                "*" or "//" or "%" => (value, 7),
                "/" or "**" => throw cursor.Unsupported($"the operator {value} is not implemented"),
                _ => (null, 0),
            },
            _ => (null, 0),
        };
    }

    JinjaExpression ParsePrimary()
    {
        JinjaToken token = cursor.Take();
        switch (token.Kind)
        {
            case Name:
                return token.Value switch
                {
                    "true" or "True" => new JinjaLiteral(true, token.Line),
                    "false" or "False" => new JinjaLiteral(false, token.Line),
                    "none" or "None" => new JinjaLiteral(null, token.Line),
                    _ => new JinjaName(token.Value, token.Line),
                };
            case Quoted:
                string text = token.Value;
                while (cursor.Current.Kind == Quoted)
                    text += cursor.Take().Value;
                return new JinjaLiteral(text, token.Line);
            case Number:
                if (!long.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out long number))
                    throw cursor.Unsupported($"the number {token.Value} is not implemented");
                return new JinjaLiteral(number, token.Line);
            case Operator when token.Value == "(":
                return ParseParenthesis(token.Line);
            case Operator when token.Value == "[":
                return new JinjaList(ParseItems("]"), token.Line);
            case Operator when token.Value == "{":
                return ParseDictionary(token.Line);
            default:
                throw cursor.Unsupported($"'{token.Value}' starts no expression");
        }
    }

    JinjaExpression ParseParenthesis(int line)
    {
        if (cursor.TryTake(Operator, ")"))
            return new JinjaList([], line);
        JinjaExpression first = Parse();
        if (cursor.TryTake(Operator, ","))
            return new JinjaList([first, .. ParseItems(")")], line);
        cursor.Expect(Operator, ")");
        return first;
    }

    List<JinjaExpression> ParseItems(string close)
    {
        var items = new List<JinjaExpression>();
        while (!cursor.TryTake(Operator, close))
        {
            items.Add(Parse());
            if (!cursor.TryTake(Operator, ","))
            {
                cursor.Expect(Operator, close);
                break;
            }
        }
        return items;
    }

    JinjaDictionary ParseDictionary(int line)
    {
        var items = new List<(JinjaExpression, JinjaExpression)>();
        while (!cursor.TryTake(Operator, "}"))
        {
            JinjaExpression key = Parse();
            cursor.Expect(Operator, ":");
            items.Add((key, Parse()));
            if (!cursor.TryTake(Operator, ","))
            {
                cursor.Expect(Operator, "}");
                break;
            }
        }
        return new JinjaDictionary(items, line);
    }

    JinjaExpression ParsePostfix(JinjaExpression target)
    {
        while (true)
        {
            int line = cursor.Current.Line;
            if (cursor.TryTake(Operator, "."))
                target = new JinjaAttribute(target, cursor.Expect(Name).Value, line);
            else if (cursor.TryTake(Operator, "["))
                target = ParseSubscript(target, line);
            else if (cursor.TryTake(Operator, "("))
                target = new JinjaCall(target, ParseArguments(), line);
            else
                return target;
            Deepen();
        }
    }

    JinjaExpression ParseSubscript(JinjaExpression target, int line)
    {
        JinjaExpression? start = cursor.Current.Is(Operator, ":") ? null : Parse();
        if (cursor.TryTake(Operator, "]"))
            return new JinjaItem(target, start!, line);
        cursor.Expect(Operator, ":");
        JinjaExpression? stop = cursor.Current.Is(Operator, ":") || cursor.Current.Is(Operator, "]") ? null : Parse();
        JinjaExpression? step = cursor.TryTake(Operator, ":") && !cursor.Current.Is(Operator, "]") ? Parse() : null;
        cursor.Expect(Operator, "]");
        return new JinjaSlice(target, start, stop, step, line);
    }

    JinjaExpression ParseFilters(JinjaExpression target)
    {
        while (true)
        {
            int line = cursor.Current.Line;
            if (cursor.TryTake(Operator, "|"))
                target = ParseFilter(target, line);
            else if (cursor.TryTake(Name, "is"))
                target = ParseTest(target, line);
            else if (cursor.TryTake(Operator, "("))
                target = new JinjaCall(target, ParseArguments(), line);
            else
                return target;
            Deepen();
        }
    }

    JinjaFilter ParseFilter(JinjaExpression target, int line)
    {
        string name = cursor.Expect(Name).Value;
        return new JinjaFilter(target, name, cursor.TryTake(Operator, "(") ? ParseArguments() : JinjaArguments.None, line);
    }

    JinjaTest ParseTest(JinjaExpression target, int line)
    {
        bool negated = cursor.TryTake(Name, "not");
        string name = cursor.Expect(Name).Value;
        JinjaArguments arguments = JinjaArguments.None;
        if (cursor.TryTake(Operator, "("))
            arguments = ParseArguments();
        else if (StartsArgument(cursor.Current))
            arguments = new JinjaArguments([ParsePostfix(ParsePrimary())], []);
        return new JinjaTest(target, name, arguments, negated, line);
    }

    /// <summary>A test's one argument may stand without parentheses.</summary>
    static bool StartsArgument(JinjaToken token) => token.Kind switch
    {
        Quoted or Number => true,
        Operator => token.Value is "[" or "{",
        Name => token.Value is not ("else" or "or" or "and" or "is" or "if" or "not" or "in"),
        _ => false,
    };

    JinjaArguments ParseArguments()
    {
        var positional = new List<JinjaExpression>();
        var named = new List<(string, JinjaExpression)>();
        while (!cursor.TryTake(Operator, ")"))
        {
            if (cursor.Current.Kind == Name && cursor.Next.Is(Operator, "="))
            {
                string name = cursor.Take().Value;
                cursor.Take();
                named.Add((name, Parse()));
            }
            else
            {
                positional.Add(Parse());
            }
            if (!cursor.TryTake(Operator, ","))
            {
                cursor.Expect(Operator, ")");
                break;
            }
        }
        return new JinjaArguments(positional, named);
    }

    void Deepen()
    {
        if (++nesting > MostNesting)
            throw cursor.Unsupported($"an expression nests deeper than {MostNesting}");
    }
}
