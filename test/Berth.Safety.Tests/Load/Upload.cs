namespace Berth.Safety.Tests.Load;

/// <summary>An upload session, as far as its client knows.</summary>
public sealed class Upload(string repository, Content content, string location)
{
    public string Repository => repository;

    public Content Content => content;

    /// <summary>Where it goes on: path and query.</summary>
    public string Location { get; set; } = location;

    public UploadState State { get; set; }

    /// <summary>Bytes that the server said it has.</summary>
    public int Acknowledged { get; set; }

    /// <summary>Bytes that it may have.</summary>
    public int Sent { get; set; }

    /// <summary>When the closing request began whose outcome is unknown.</summary>
    public long EndingSince { get; set; }

    public int Left => content.Bytes.Length - Acknowledged;

    public override string ToString() => $"upload of {Content.Digest} to {Repository} ({State}, {Acknowledged} of {Sent} bytes acknowledged)";
}
