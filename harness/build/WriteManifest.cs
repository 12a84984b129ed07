using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes an evaluated experiment as the JSON that `harness run` reads. MSBuild compiles it where it is used
/// (RoslynCodeTaskFactory), since property functions can neither escape JSON nor list the metadata of an item.
/// </summary>
public sealed class WriteManifest : Task
{
    [Required]
    public string Destination { get; set; }

    [Required]
    public string ExperimentName { get; set; }

    /// <summary>Absolute path of NAME.proj.</summary>
    [Required]
    public string Project { get; set; }

    /// <summary>Names, each with its value as the metadata Value.</summary>
    [Required]
    public ITaskItem[] Properties { get; set; }

    /// <summary>As <see cref="Properties"/>.</summary>
    [Required]
    public ITaskItem[] Placement { get; set; }

    /// <summary>Names whose value on the command line changes what the experiment is.</summary>
    [Required]
    public string[] Overridable { get; set; }

    public ITaskItem[] Pools { get; set; } = [];

    public ITaskItem[] Strategies { get; set; } = [];

    public override bool Execute()
    {
        string[] given = [.. ((IBuildEngine6)BuildEngine).GetGlobalProperties().Keys];
        RefuseMisspelt(given);
        if (Log.HasLoggedErrors)
            return false;
        StringBuilder json = new();
        json.Append("{\n  \"Schema\": 1,\n  \"Name\": ").Append(Quoted(ExperimentName));
        json.Append(",\n  \"Project\": ").Append(Quoted(Project));
        json.Append(",\n  \"Properties\": ").Append(Object(Properties.Select(Named), "  "));
        json.Append(",\n  \"Pools\": ").Append(Items(Pools));
        json.Append(",\n  \"Strategies\": ").Append(Items(Strategies));
        json.Append(",\n  \"Placement\": ").Append(Object(Placement.Select(Named), "  "));
        json.Append(",\n  \"Overrides\": [");
        json.Append(string.Join(", ", Overridable.Where(name => Contains(given, name)).Select(Quoted))).Append("]\n}\n");
        Save(json.ToString());
        return true;
    }

    /// <summary>MSBuild ignores a property that nothing reads, so -p:Smaples=8 would silently run all of the samples.</summary>
    void RefuseMisspelt(string[] given)
    {
        string[] known = [.. Overridable, .. Placement.Select(property => property.ItemSpec)];
        foreach (string name in given.Where(name => !Contains(known, name)).OrderBy(name => name, StringComparer.Ordinal))
        {
            string nearest = known.FirstOrDefault(candidate => IsMisspelling(name, candidate));
            if (nearest != null)
                Log.LogError("", "HRN0001", "", Project, 0, 0, 0, 0, $"'{name}' on the command line is not a known property; did you mean '{nearest}'?");
        }
    }

    /// <summary>One letter changed, added, left out or swapped with its neighbour: more would refuse properties of MSBuild's own.</summary>
    static bool IsMisspelling(string name, string of)
    {
        string a = name.ToLowerInvariant(), b = of.ToLowerInvariant();
        if (Math.Abs(a.Length - b.Length) > 1 || b.Length < 4)
            return false;
        int start = 0, end = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
            start++;
        while (end < a.Length - start && end < b.Length - start && a[a.Length - 1 - end] == b[b.Length - 1 - end])
            end++;
        string left = a.Substring(start, a.Length - start - end), right = b.Substring(start, b.Length - start - end);
        return (left.Length <= 1 && right.Length <= 1)
            || (left.Length == 2 && right.Length == 2 && left[0] == right[1] && left[1] == right[0]);
    }

    static string Items(ITaskItem[] items) =>
        items.Length == 0 ? "[]" : "[\n    " + string.Join(",\n    ", items.Select(item => Object(Attributes(item), "    "))) + "\n  ]";

    static IEnumerable<KeyValuePair<string, string>> Attributes(ITaskItem item)
    {
        yield return new KeyValuePair<string, string>("Include", item.ItemSpec);
        foreach (string name in item.CloneCustomMetadata().Keys.Cast<string>().OrderBy(name => name, StringComparer.Ordinal))
            yield return new KeyValuePair<string, string>(name, item.GetMetadata(name));
    }

    static KeyValuePair<string, string> Named(ITaskItem property) =>
        new KeyValuePair<string, string>(property.ItemSpec, property.GetMetadata("Value"));

    static string Object(IEnumerable<KeyValuePair<string, string>> members, string indent) =>
        "{\n" + string.Join(",\n", members.Select(member => $"{indent}  {Quoted(member.Key)}: {Quoted(member.Value)}")) + $"\n{indent}}}";

    static string Quoted(string text)
    {
        StringBuilder quoted = new("\"");
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            bool pair = char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (pair)
                quoted.Append(c).Append(text[++i]);
            else if (c is '"' or '\\')
                quoted.Append('\\').Append(c);
            else if (char.IsControl(c) || char.IsSurrogate(c))
                quoted.Append("\\u").Append(((int)c).ToString("x4"));
            else
                quoted.Append(c);
        }
        return quoted.Append('"').ToString();
    }

    static bool Contains(string[] names, string name) => names.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Aside and renamed, so that a run that starts meanwhile reads the old manifest or the new one, never half of one.</summary>
    void Save(string json)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        string aside = $"{Destination}.{Guid.NewGuid():N}";
        File.WriteAllText(aside, json, new UTF8Encoding(false));
        if (File.Exists(Destination))
            File.Replace(aside, Destination, null);
        else
            File.Move(aside, Destination);
    }
}
