namespace Harness.Reports;

/// <summary>Styles and scripts of pages, which the program carries.</summary>
public static class Resources
{
    /// <param name="name">Such as "Reports/HtmlReport.css".</param>
    public static string Text(string name)
    {
        using Stream stream = typeof(Resources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is missing");
        using StreamReader text = new(stream);
        return text.ReadToEnd().ReplaceLineEndings("\n");
    }
}
