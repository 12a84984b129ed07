namespace PtxInterpreter.Parsing;

/// <summary>Reads the PTX that clang writes, and the assembly that stands inside our sources. What is not known is refused.</summary>
public sealed class PtxParser
{
    readonly TokenCursor cursor;
    readonly string module;
    readonly Dictionary<string, PtxEntry> entries = new(StringComparer.Ordinal);
    readonly List<PtxVariable> variables = [];

    PtxParser(string module, string text)
    {
        this.module = module;
        cursor = new TokenCursor(module, new PtxLexer(module, text).Split());
    }

    /// <exception cref="PtxFormatException">A directive or its form is not known.</exception>
    public static PtxModule Parse(string module, string text)
    {
        var parser = new PtxParser(module, text);
        while (parser.cursor.Kind != TokenKind.End)
            parser.ReadTopLevel();
        return new PtxModule(module, parser.entries, parser.variables);
    }

    void ReadTopLevel()
    {
        switch (cursor.Text)
        {
            case ".version":
                ExpectVersion();
                break;
            case ".target":
                cursor.Next();
                if (cursor.Word() is not ("sm_80" or "sm_90") and var target)
                    throw cursor.Error($"target {target}: only sm_80 and sm_90 are known");
                break;
            case ".address_size":
                cursor.Next();
                if (cursor.Integer() != 64)
                    throw cursor.Error("only 64-bit addresses are known");
                break;
            default:
                ReadDeclaration();
                break;
        }
    }

    void ExpectVersion()
    {
        cursor.Next();
        string found = cursor.Take().Text + cursor.Take().Text;
        if (found is not ("7.5" or "7.8"))
            throw cursor.Error($"version {found}: only 7.5 and 7.8 are known");
    }

    void ReadDeclaration()
    {
        bool external = false;
        while (cursor.Text is ".visible" or ".extern" or ".weak")
            external |= cursor.Take().Text == ".extern";
        if (cursor.Text == ".entry")
        {
            PtxEntry entry = new EntryParser(module, cursor).Read();
            if (!entries.TryAdd(entry.Name, entry))
                throw cursor.Error($"a second entry {entry.Name}");
        }
        else
            variables.AddRange(VariableParser.Read(cursor, external));
    }
}
