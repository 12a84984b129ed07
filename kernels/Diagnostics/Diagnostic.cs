using System.Collections.Frozen;
using System.Reflection;

namespace Harness.Kernels.Diagnostics;

/// <summary>One kind of failure that a user can cause: its number, and what to do about it.</summary>
public sealed record Diagnostic(int Number, string Title, string Cause, string Cure)
{
    /// <summary>The code as printed, such as <c>HRN0007</c>.</summary>
    public string Code => $"HRN{Number:0000}";

    /// <summary>The exception that reports it: <paramref name="message"/> is one line with the values of this case.</summary>
    public HarnessException With(string message, string? file = null, int line = 0, int column = 0, Exception? inner = null) =>
        new(this, message, file, line, column, inner);

    /// <summary>The diagnostics that a class has as public static fields, by their codes, whatever the case.</summary>
    public static FrozenDictionary<string, Diagnostic> Of(Type codes) => codes
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.FieldType == typeof(Diagnostic))
        .Select(field => (Diagnostic)field.GetValue(null)!)
        .ToFrozenDictionary(diagnostic => diagnostic.Code, StringComparer.OrdinalIgnoreCase);
}
