using Berth.Access;
using Berth.Server.Authentication;

namespace Berth.Server.Configuration;

/// <summary>The section <c>access</c>: who may do what with which repositories.</summary>
internal static class AccessSection
{
    private const string Section = "access";
    private const string Rules = $"{Section}.rules";
    private const string Groups = $"{Section}.groups";

    private static readonly Dictionary<string, RepositoryAction> Actions = new(StringComparer.Ordinal)
    {
        ["pull"] = RepositoryAction.Pull,
        ["push"] = RepositoryAction.Push,
        ["overwrite"] = RepositoryAction.Overwrite,
        ["delete"] = RepositoryAction.Delete,
        ["admin"] = RepositoryAction.Admin,
    };

    /// <summary>Without the section, whoever can log in may do everything, as in distribution; a token whatever it was issued for.</summary>
    public static AccessPolicy Read(SettingReader settings, AuthenticationOptions authentication)
    {
        if (settings.Find(Section) is null)
        {
            return authentication.IsNone ? AccessPolicy.Open : AccessPolicy.Authenticated;
        }

        if (authentication.IsNone)
        {
            settings.Error(Section, "has no effect while nobody can log in: add a section auth");
        }

        if (settings.Find(Rules) is null)
        {
            settings.Error(Rules, "must be there: what no rule allows is not allowed");
        }

        var groups = ReadGroups(settings);
        return new AccessPolicy([.. settings.Items(Rules).Select(item => ReadRule(settings, item.Path, groups))], groups);
    }

    private static AccessRule ReadRule(SettingReader settings, string rule, Dictionary<string, IReadOnlyList<string>> groups)
    {
        var subjects = ReadSubjects(settings, rule, groups);
        var actions = ReadActions(settings, $"{rule}.actions");
        if (subjects.IsAnonymous && (actions & ~RepositoryAction.Pull) != RepositoryAction.None)
        {
            settings.Error($"{rule}.actions", "must be [pull] where anonymous is true: everybody on the network could change the rest");
        }

        return new AccessRule(rule, ReadGlobs(settings, $"{rule}.repositories"), subjects, actions);
    }

    private static AccessSubjects ReadSubjects(SettingReader settings, string rule, Dictionary<string, IReadOnlyList<string>> groups)
    {
        var subjects = new AccessSubjects
        {
            Users = ReadNames(settings, $"{rule}.users").ToHashSet(StringComparer.Ordinal),
            Groups = ReadNames(settings, $"{rule}.groups").ToHashSet(StringComparer.Ordinal),
            IsAuthenticated = settings.Flag($"{rule}.authenticated") ?? false,
            IsAnonymous = settings.Flag($"{rule}.anonymous") ?? false,
        };
        if (subjects is { Users.Count: 0, Groups.Count: 0, IsAuthenticated: false, IsAnonymous: false })
        {
            settings.Error(rule, "must say for whom it is: users, groups, authenticated: true or anonymous: true");
        }

        foreach (var group in subjects.Groups.Where(group => !groups.ContainsKey(group)))
        {
            settings.Error($"{rule}.groups", $"names a group that {Groups} does not have: {Printable.Of(group)}");
        }

        return subjects;
    }

    private static RepositoryAction ReadActions(SettingReader settings, string key)
    {
        var actions = RepositoryAction.None;
        foreach (var (path, item) in settings.Items(key))
        {
            if (item.Text is { } text && Actions.TryGetValue(text, out var action))
            {
                actions |= action;
            }
            else
            {
                settings.Refuse(path, item, $"one of {string.Join(", ", Actions.Keys)}");
            }
        }

        DemandAny(settings, key);
        return actions;
    }

    private static List<RepositoryGlob> ReadGlobs(SettingReader settings, string key)
    {
        var globs = new List<RepositoryGlob>();
        foreach (var (path, item) in settings.Items(key))
        {
            if (item.Text is { } text && RepositoryGlob.TryParse(text, out var glob))
            {
                globs.Add(glob!);
            }
            else
            {
                settings.Refuse(path, item, "a pattern of repository names such as team/app, team/* or team/**");
            }
        }

        DemandAny(settings, key);
        return globs;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadGroups(SettingReader settings) =>
        (settings.Find(Groups)?.Map ?? []).ToDictionary(
            group => group.Key,
            group => ReadNames(settings, group.Value.Items ?? [], $"{Groups}.{Printable.Of(group.Key)}"),
            StringComparer.Ordinal);

    private static IReadOnlyList<string> ReadNames(SettingReader settings, string key) => ReadNames(settings, settings.Find(key)?.Items ?? [], key);

    private static IReadOnlyList<string> ReadNames(SettingReader settings, List<YamlValue> items, string key)
    {
        for (var index = 0; index < items.Count; index++)
        {
            if (items[index] is not { Text.Length: > 0 })
            {
                settings.Refuse($"{key}[{index}]", items[index], "a name");
            }
        }

        return [.. items.Select(item => item.Text).OfType<string>()];
    }

    private static void DemandAny(SettingReader settings, string key)
    {
        if (!settings.Items(key).Any())
        {
            settings.Error(key, "must have at least one entry");
        }
    }
}
