using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes an evaluated experiment as the JSON that `harness run` reads. MSBuild compiles it where it is used
/// (RoslynCodeTaskFactory), since property functions can neither escape JSON nor list the metadata of an item.
/// </summary>
public sealed class WriteManifest : Task
{
    /// <summary>ENOSPC and EDQUOT; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.</summary>
    static readonly int[] NoSpace = [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>Where a manifest goes to which the command line added nothing. One that it changed lies beside it under its own hash.</summary>
    [Required]
    public string Destination { get; set; }

    /// <summary>The file that holds this manifest.</summary>
    [Output]
    public string Written { get; set; }

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
        Written = Changed(given) ? NamedByContent(json.ToString()) : Destination;
        Save(json.ToString());
        return !Log.HasLoggedErrors;
    }

    bool Changed(string[] given) => Overridable.Concat(Placement.Select(property => property.ItemSpec)).Any(name => Contains(given, name));

    /// <summary>A build that runs at the same time with other values never finds its manifest replaced by this one.</summary>
    string NamedByContent(string json)
    {
        const int bytesOfName = 6;
        using SHA256 sha = SHA256.Create();
        string hash = string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(json)).Take(bytesOfName).Select(value => value.ToString("x2")));
        string name = $"{Path.GetFileNameWithoutExtension(Destination)}-{hash}{Path.GetExtension(Destination)}";
        return Path.Combine(Path.GetDirectoryName(Destination), name);
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
        string aside = $"{Written}.{Guid.NewGuid():N}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Written));
            File.WriteAllText(aside, json, new UTF8Encoding(false));
            Rename(aside);
        }
        catch (Exception refused) when (refused is IOException || refused is UnauthorizedAccessException)
        {
            string code = NoSpace.Contains(refused.HResult) ? "HRN0402" : "HRN0403";
            Log.LogError("", code, "", Project, 0, 0, 0, 0, "{0}", $"{Written}: {refused.Message}");
            Remove(aside);
        }
    }

    void Rename(string aside)
    {
        try
        {
            File.Move(aside, Written);
        }
        catch (IOException) when (File.Exists(Written))
        {
            File.Replace(aside, Written, null);
        }
    }

    static void Remove(string aside)
    {
        try
        {
            File.Delete(aside);
        }
        catch (Exception refused) when (refused is IOException || refused is UnauthorizedAccessException)
        {
            // What refused the manifest may refuse this too, and has been said.
        }
    }
}
