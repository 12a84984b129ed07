using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Exceptions;
using Microsoft.Build.Framework;

namespace Harness.Build;

/// <summary>
/// Writes an evaluated experiment as the JSON that `harness run` reads. What is wrong with it is written there too, so that the program
/// says all mistakes of a manifest at once; an error here is only what leaves nothing to be read.
/// </summary>
public sealed class WriteManifest : Microsoft.Build.Utilities.Task
{
    /// <summary>ENOSPC and EDQUOT; ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.</summary>
    static readonly int[] NoSpace = [28, 122, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    /// <summary>Another repository that an experiment lies in need not know what artifacts are.</summary>
    const string KeptOutOfGit = "*\n";

    /// <summary>
    /// Where a manifest goes to which the command line added nothing. One that it changed lies beside it under its own hash.
    /// </summary>
    [Required]
    public string Destination { get; set; } = "";

    /// <summary>The file that holds this manifest.</summary>
    [Output]
    public string Written { get; set; } = "";

    /// <summary>Properties of the command line that change one pool: they are not for the experiment that makes this one's model.</summary>
    [Output]
    public string[] OfOnePool { get; set; } = [];

    [Required]
    public string ExperimentName { get; set; } = "";

    /// <summary>Absolute path of NAME.proj.</summary>
    [Required]
    public string Project { get; set; } = "";

    /// <summary>Absolute path of Experiment.props.</summary>
    [Required]
    public string Defaults { get; set; } = "";

    /// <summary>Names of the properties that say what the experiment is.</summary>
    [Required]
    public string[] ExperimentProperties { get; set; } = [];

    /// <summary>Names of the pool attributes that the command line overrides.</summary>
    [Required]
    public string[] PoolOverrides { get; set; } = [];

    /// <summary>Names of the attributes of models to train that the command line overrides.</summary>
    [Required]
    public string[] TrainOverrides { get; set; } = [];

    /// <summary>Names of what says where and how it runs, each with its value as the metadata Value.</summary>
    [Required]
    public ITaskItem[] Placement { get; set; } = [];

    /// <summary>Those of them that a command line may set.</summary>
    [Required]
    public string[] PlacementProperties { get; set; } = [];

    /// <summary>The build's own items: more than the manifest's where a target has made some, which are not read.</summary>
    public ITaskItem[] Pools { get; set; } = [];

    /// <summary>As <see cref="Pools"/>.</summary>
    public ITaskItem[] Strategies { get; set; } = [];

    /// <summary>As <see cref="Pools"/>.</summary>
    public ITaskItem[] Gates { get; set; } = [];

    /// <summary>As <see cref="Pools"/>.</summary>
    public ITaskItem[] Data { get; set; } = [];

    /// <summary>As <see cref="Pools"/>.</summary>
    public ITaskItem[] Trains { get; set; } = [];

    /// <summary>Further properties that a command line may have: how the program is built, and which build of it is used.</summary>
    public string[] BuildProperties { get; set; } = [];

    public override bool Execute()
    {
        Dictionary<string, string> given = new(((IBuildEngine6)BuildEngine).GetGlobalProperties().ToDictionary(),
            StringComparer.OrdinalIgnoreCase);
        try
        {
            using EvaluatedExperiment experiment = new(Project, WithoutEmpty(given), Defaults);
            Write(experiment, given);
        }
        catch (InvalidProjectFileException wrong)
        {
            Log.LogError("", wrong.ErrorCode, "", wrong.ProjectFile, wrong.LineNumber, wrong.ColumnNumber, 0, 0, "{0}", wrong.BaseMessage);
        }
        return !Log.HasLoggedErrors;
    }

    void Write(EvaluatedExperiment experiment, Dictionary<string, string> given)
    {
        CommandLineProperties properties = new(
            given, [.. experiment.Pools.Select(pool => pool.Name)], [.. experiment.Trains.Select(train => train.Name)])
        {
            Experiment = ExperimentProperties,
            PoolAttributes = PoolOverrides,
            TrainAttributes = TrainOverrides,
            Placement = PlacementProperties,
            OfTheBuild = BuildProperties,
            IsOwn = experiment.Reads,
        };
        ResolvedManifest manifest = new(experiment, properties)
        {
            Name = ExperimentName,
            Project = Project,
            Placement = Placement,
            Mistakes = [.. Mistakes(experiment, properties).Select(one => new Complaint(one.Code, one.Message, new(Project, 1, 1)))],
        };
        string json = manifest.ToJson();
        OfOnePool = [.. properties.OfOnePool];
        bool changed = properties.Changes.Count > 0 || properties.Mistakes().Any()
            || Placement.Any(property => given.ContainsKey(property.ItemSpec));
        Written = changed ? NamedByContent(json) : Destination;
        Save(json);
    }

    IEnumerable<(string Code, string Message)> Mistakes(EvaluatedExperiment experiment, CommandLineProperties properties)
    {
        bool same = Pools.Length == experiment.Pools.Count && Strategies.Length == experiment.Strategies.Count
            && Gates.Length == experiment.Gates.Count && Data.Length == experiment.Data.Count && Trains.Length == experiment.Trains.Count;
        return same ? properties.Mistakes() : properties.Mistakes().Append(("HRN0002",
            "a target makes or removes pools, strategies, gates, data or models, which are read before targets run; write them outside of "
                + "targets"));
    }

    /// <summary>A property that the command line leaves empty is one mistake, and not also that the manifest lacks it.</summary>
    Dictionary<string, string> WithoutEmpty(Dictionary<string, string> given) => given
        .Where(property => property.Value.Trim().Length > 0
            || !ExperimentProperties.Contains(property.Key, StringComparer.OrdinalIgnoreCase))
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>A build that runs at the same time with other values never finds its manifest replaced by this one.</summary>
    string NamedByContent(string json)
    {
        const int digits = 12;
        string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..digits];
        return Path.Combine(Path.GetDirectoryName(Destination)!,
            $"{Path.GetFileNameWithoutExtension(Destination)}-{hash}{Path.GetExtension(Destination)}");
    }

    /// <summary>
    /// Written aside and renamed, so that a run that starts meanwhile reads the old manifest or the new one, never half of one.
    /// </summary>
    void Save(string json)
    {
        string aside = $"{Written}.{Guid.NewGuid():N}";
        try
        {
            string folder = Path.GetDirectoryName(Written)!;
            Directory.CreateDirectory(folder);
            Save(Path.Combine(folder, ".gitignore"), KeptOutOfGit, aside);
            Save(Written, json, aside);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            string code = NoSpace.Contains(refused.HResult) ? "HRN0402" : "HRN0403";
            Log.LogError("", code, "", Project, 1, 1, 0, 0, "{0}",
                GitHubMatcher.Text($"{Written}: {refused.Message}", Project, Project));
            Remove(aside);
        }
    }

    static void Save(string path, string content, string aside)
    {
        File.WriteAllText(aside, content);
        File.Move(aside, path, overwrite: true);
    }

    static void Remove(string aside)
    {
        try
        {
            File.Delete(aside);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Deleting may fail for the same reason as writing, which was reported already.
        }
    }
}
