using Microsoft.Build.Construction;

namespace Harness.Build;

/// <summary>Where a value was written, one-based; line 0 where only the file is known.</summary>
readonly record struct ValuePlace(string File, int Line, int Column)
{
    public static ValuePlace Of(ElementLocation attribute) => new(attribute.File, attribute.Line, attribute.Column);

    /// <summary>
    /// The name of an element, or of metadata, which is one to MSBuild even where it is written as an attribute: it points at the character
    /// before it.
    /// </summary>
    public static ValuePlace OfElement(ElementLocation element) => new(element.File, element.Line, element.Column + 1);

    /// <summary>The form that the resolved manifest has: <c>file(line,col)</c>.</summary>
    public override string ToString() => $"{File}({Line},{Column})";
}

/// <summary>A value of the manifest, as it was written.</summary>
/// <param name="Place">Null where it is a default of Experiment.props, or was given on the command line alone.</param>
readonly record struct WrittenValue(string Text, ValuePlace? Place);

/// <summary>A mistake that only MSBuild's side can see. The program says it together with what it finds itself.</summary>
readonly record struct Complaint(string Code, string Message, ValuePlace Place);
