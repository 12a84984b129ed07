namespace Harness.Kernels.Diagnostics;

/// <summary>An expected failure: printed as one line with its code, exit status 2, no stack trace.</summary>
public sealed class HarnessException : Exception
{
    internal HarnessException(Diagnostic diagnostic, string message, string? file, int line, int column, Exception? inner)
        : base(message, inner)
    {
        Diagnostic = diagnostic;
        File = file;
        Line = line;
        Column = column;
    }

    public Diagnostic Diagnostic { get; }

    /// <summary>The file at fault, such as a model or its tokenizer, or null where there is none.</summary>
    public string? File { get; }

    /// <summary>One-based; 0 where no line is known.</summary>
    public int Line { get; }

    /// <summary>One-based; 0 where no column is known.</summary>
    public int Column { get; }

    /// <summary>
    /// The canonical form that MSBuild reads: <c>file(line,col): error HRN0007: message</c>. With a project also what GitHub's matcher of
    /// dotnet's lines wants: a file, a line and a column always, and the project at the end.
    /// </summary>
    /// <param name="project">Path of the project that the failure belongs to, or null where there is none.</param>
    public string ToCanonicalLine(string? project = null)
    {
        string? file = File ?? project;
        string origin = file is null ? "harness"
            : Line == 0 && project is null ? file
            : $"{file}({Math.Max(Line, 1)},{Math.Max(Column, 1)})";
        string end = project is null ? "" : $" [{project}]";
        return $"{origin}: error {Diagnostic.Code}: {Message.ReplaceLineEndings(" ")}{end}";
    }
}
