using System.Text.RegularExpressions;

namespace Kernels.Tests.Ptx;

/// <summary>What exactness and speed ask of PTX, checked on the text alone.</summary>
static partial class PtxRules
{
    static readonly HashSet<string> Rounded = ["add", "sub", "mul", "fma", "mad", "div", "rcp", "sqrt"];

    /// <summary>Each line that breaks a rule, with the rule.</summary>
    /// <param name="text">Of a module.</param>
    /// <param name="dependent">Whether it is one whose kernels may start before the one before them has ended.</param>
    public static IEnumerable<string> Violations(string text, bool dependent = false)
    {
        string[] lines = text.Split('\n');
        foreach (string directive in new[]
        {
            dependent ? ".version 7.8" : ".version 7.5", dependent ? ".target sm_90" : ".target sm_80", ".address_size 64",
        })
        {
            if (!lines.Contains(directive))
                yield return $"there is no line {directive}";
        }
        foreach (string entry in text.Split(".visible .entry ")[1..])
        {
            string name = entry[..entry.IndexOf('(')];
            if (entry.Contains("\tgriddepcontrol.wait;", StringComparison.Ordinal) != dependent)
                yield return $"{name} {(dependent ? "does not await" : "awaits")} the kernel before it";
        }
        for (int i = 0; i < lines.Length; i++)
        {
            foreach (Match match in Opcode().Matches(lines[i]))
            {
                if (Broken(match.Value.Split('.')) is { } rule)
                    yield return $"line {i + 1}: {match.Value}: {rule}";
            }
        }
    }

    static string? Broken(string[] parts)
    {
        bool ofFloats = parts[^1] is "f16" or "f16x2" or "bf16" or "bf16x2" or "f32" or "f64";
        if (parts.Contains("approx"))
            return "approximate";
        if (parts.Contains("ftz"))
            return "flushes subnormals to zero";
        if (parts.Contains("full"))
            return "approximate division";
        if (parts[0] is "atom" or "red" && ofFloats)
            return "a float atomic has no order";
        if (parts[0] is "ld" or "st" && !parts.Any(part => part is "global" or "shared" or "local" or "param" or "const"))
            return "an address of any space: the card finds out at every access which it is";
        if (parts[0] is "ex2" or "lg2" or "sin" or "cos" or "tanh" or "rsqrt")
            return "approximate";
        if (Rounded.Contains(parts[0]) && ofFloats && (parts.Length < 2 || parts[1] != "rn"))
            return "no .rn: a driver may contract it";
        return null;
    }

    /// <summary>
    /// A word with dots that begins with a letter, at the start of an instruction: after blanks, a guard, a brace or a semicolon.
    /// </summary>
    [GeneratedRegex(@"(?<=^|[\s;{])[a-z][a-z0-9]*(\.[A-Za-z0-9_:]+)+")]
    private static partial Regex Opcode();
}
