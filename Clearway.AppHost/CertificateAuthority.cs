namespace Clearway.AppHost;

/// <summary>The authority that issues participants' certificates: files on this machine, a secret of the deployment in the cloud.</summary>
internal static class CertificateAuthority
{
    public static IResourceBuilder<ProjectResource> WithCertificateAuthority(this IResourceBuilder<ProjectResource> auth)
    {
        var builder = auth.ApplicationBuilder;
        return builder.ExecutionContext.IsPublishMode
            ? auth.WithEnvironment("Auth__CaPem", builder.AddParameter("auth-ca", secret: true))
            : auth.WithEnvironment("Auth__CaDirectory", Path.Combine(builder.StateDirectory() ?? Path.Combine(builder.AppHostDirectory, ".state"), "auth-ca"));
    }
}
