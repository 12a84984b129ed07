using System.Globalization;
using System.Numerics;
using System.Text;

namespace Harness.Tasks.Answers;

/// <summary>Whole numbers joined by + - * / and parentheses, worked out exactly.</summary>
public sealed class ExactExpression
{
    /// <summary>A longer text is no answer, and never nests too deeply to be read.</summary>
    const int MostCharacters = 200;

    readonly string text;
    readonly List<int> numbers = [];
    readonly StringBuilder written = new();
    int place;

    ExactExpression(string text) => this.text = text;

    /// <summary>The numbers as they stand, from left to right.</summary>
    public IReadOnlyList<int> Numbers => numbers;

    /// <summary>The value as a fraction in any terms; null where something is divided by zero.</summary>
    public (BigInteger Numerator, BigInteger Denominator)? Value { get; private set; }

    /// <summary>Null where the text is not wholly an expression.</summary>
    public static ExactExpression? Parse(string text)
    {
        ExactExpression expression = new(text);
        if (text.Length > MostCharacters || expression.Sum() is not { } value || expression.Next() != '\0')
            return null;
        expression.Value = value.Denominator.IsZero ? null : value;
        return expression;
    }

    public bool IsEqualTo(int number) => Value is { } value && value.Numerator == number * value.Denominator;

    /// <summary>With one space at each side of a sign, so that equal expressions are equal strings.</summary>
    public override string ToString() => written.ToString();

    /// <summary>Null where the text is wrong; a denominator of 0 stands for a value that does not exist, and stays 0.</summary>
    (BigInteger Numerator, BigInteger Denominator)? Sum()
    {
        (BigInteger Numerator, BigInteger Denominator)? sum = Product();
        while (sum is { } left && Next() is '+' or '-')
        {
            bool adds = Sign() == '+';
            sum = Product() is not { } right ? null : (
                left.Numerator * right.Denominator + (adds ? 1 : -1) * right.Numerator * left.Denominator,
                left.Denominator * right.Denominator);
        }
        return sum;
    }

    (BigInteger Numerator, BigInteger Denominator)? Product()
    {
        (BigInteger Numerator, BigInteger Denominator)? product = Factor();
        while (product is { } left && Next() is '*' or '/')
        {
            bool multiplies = Sign() == '*';
            product = Factor() is not { } right ? null
                : multiplies ? (left.Numerator * right.Numerator, left.Denominator * right.Denominator)
                : (left.Numerator * right.Denominator, right.Denominator.IsZero ? 0 : left.Denominator * right.Numerator);
        }
        return product;
    }

    (BigInteger Numerator, BigInteger Denominator)? Factor()
    {
        switch (Next())
        {
            case '-':
                place++;
                written.Append('-');
                return Factor() is { } negated ? (-negated.Numerator, negated.Denominator) : null;
            case '(':
                place++;
                written.Append('(');
                (BigInteger, BigInteger)? inside = Sum();
                if (inside is null || Next() != ')')
                    return null;
                place++;
                written.Append(')');
                return inside;
            default:
                return Number() is { } number ? (number, 1) : null;
        }
    }

    int? Number()
    {
        int start = place;
        while (place < text.Length && char.IsAsciiDigit(text[place]))
            place++;
        if (!int.TryParse(text.AsSpan(start, place - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
            return null;
        numbers.Add(number);
        written.Append(number.ToString(CultureInfo.InvariantCulture));
        return number;
    }

    char Sign()
    {
        char sign = text[place++];
        written.Append($" {sign} ");
        return sign;
    }

    /// <summary>The next character that is no white space, which stays; NUL at the end.</summary>
    char Next()
    {
        while (place < text.Length && char.IsWhiteSpace(text[place]))
            place++;
        return place < text.Length ? text[place] : '\0';
    }
}
